package service

import (
	"context"
	"fmt"
	"strings"
	"time"

	"kerbside"
	"kerbside/audit"
)

// Installation is what a Kerbside is made of beside its data: its wiring knows it. None of it speaks of a visit.
type Installation interface {
	Templates() []TemplateInfo
	// Template gives the text of a template's file.
	Template(name string) (text string, ok bool)
	// TemplateFaults says what is wrong in the templates as they lie there now, each with its file and line.
	TemplateFaults() ([]string, error)
	// Models lists the weights that are installed or in use. With read, every byte is compared with its checksum.
	Models(ctx context.Context, read bool) ([]ModelInfo, error)
	LanguageModel() LanguageModelInfo
	// TryLanguageModel sends [HarmlessSentence], and nothing else, to the language model.
	TryLanguageModel(ctx context.Context) (LanguageModelTry, error)
	Engine() EngineHealth
	Space(ctx context.Context) (Space, error)
	// ReadAll reads everything that is kept and compares it with the hashes that it was acknowledged under.
	ReadAll(ctx context.Context) (ReadReport, error)
}

// HarmlessSentence is what the test of a language model sends: nobody said it.
const HarmlessSentence = "The weather is warm and sunny today."

// TemplateInfo is a template of drafts.
type TemplateInfo struct {
	Name, Version, Title string
	Audience             kerbside.Audience
	File                 string // "" for one that comes with Kerbside
}

// ModelInfo is one file of weights.
type ModelInfo struct {
	Name, SHA256, Licence string
	Bytes                 int64
	Installed             bool
	Checked               string    // "", "ok", or what is wrong with it
	CheckedAt             time.Time // when every byte was last read; zero when not
	Uses                  []string  // which presets it serves; nil when nothing uses it
}

// LanguageModelInfo says which language model is configured.
type LanguageModelInfo struct {
	Address string // its host; "" when none is: nothing is sent anywhere
	Model   string
	Caution string // what is to be known of the address; "" when nothing
	Use     string // what it is used for
}

// LanguageModelTry is what came of the test.
type LanguageModelTry struct {
	Answer string
	Took   time.Duration
}

// EngineHealth says how recordings become words here.
type EngineHealth struct {
	Running       bool
	Name, Version string
	Model, Preset string
	States        int
	Device        string // what it decodes on
	CPU           string
	Trouble       string // why it does not run; safe to show
}

// Space is the room for recordings, and what it holds. Free is 0 where nobody can say.
type Space struct {
	Free, Total uint64 // bytes of the disk
	Where       string // the folder, or the bucket
}

// ReadReport is what was found when everything was read.
type ReadReport struct {
	Blobs, Documents, Erased int
	Bytes                    int64
	Faults                   []string // ids and what is wrong, never what is in it
}

// installation gives what there is to look after, to whoever looks after it.
func (s *Service) installation(op string, by kerbside.User) (Installation, error) {
	if err := s.looksAfter(op, by); err != nil {
		return nil, err
	}
	if s.d.Installation == nil {
		return nil, kerbside.E(kerbside.CodeUnavailable, op, "This is not known here. Ask whoever runs this server.", nil)
	}
	return s.d.Installation, nil
}

func (s *Service) looksAfter(op string, by kerbside.User) error {
	if err := signedIn(op, by); err != nil {
		return err
	}
	if reachOf(by, UseLookAfter) == ReachNone {
		return forbidden(op, "Only administrators can do this. Ask one of them.")
	}
	return nil
}

// Templates lists the templates of drafts and what is wrong in their files now.
func (s *Service) Templates(_ context.Context, by kerbside.User) (list []TemplateInfo, faults []string, err error) {
	i, err := s.installation("service.Templates", by)
	if err != nil {
		return nil, nil, err
	}
	faults, err = i.TemplateFaults()
	return i.Templates(), faults, err
}

// Template gives one template and the text of its file.
func (s *Service) Template(_ context.Context, by kerbside.User, name string) (t TemplateInfo, text string, err error) {
	const op = "service.Template"
	i, err := s.installation(op, by)
	if err != nil {
		return t, "", err
	}
	for _, t := range i.Templates() {
		if text, ok := i.Template(name); ok && t.Name == name {
			return t, text, nil
		}
	}
	return t, "", kerbside.E(kerbside.CodeNotFound, op, "There is no such template. Go back to the list.", nil)
}

// Models lists the weights; with read, every byte is read, and it is in the audit log that somebody had it done.
func (s *Service) Models(ctx context.Context, by kerbside.User, read bool) ([]ModelInfo, error) {
	i, err := s.installation("service.Models", by)
	if err != nil {
		return nil, err
	}
	list, err := i.Models(ctx, read)
	if err != nil || !read {
		return list, err
	}
	bad := 0
	for _, m := range list {
		if m.Installed && m.Checked != "ok" {
			bad++
		}
	}
	return list, s.note(ctx, by, "check_models", fmt.Sprintf("models %d faults %d", len(list), bad))
}

// note puts something that is about no visit into the audit log.
func (s *Service) note(ctx context.Context, by kerbside.User, action, object string) error {
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error { return s.audit(tx, by, action, object, "") })
}

// LanguageModel says which language model is configured.
func (s *Service) LanguageModel(_ context.Context, by kerbside.User) (LanguageModelInfo, error) {
	i, err := s.installation("service.LanguageModel", by)
	if err != nil {
		return LanguageModelInfo{}, err
	}
	return i.LanguageModel(), nil
}

// TryLanguageModel sends one fixed sentence to the configured language model. Without one it is CodeInvalid and nothing is sent.
func (s *Service) TryLanguageModel(ctx context.Context, by kerbside.User) (t LanguageModelTry, err error) {
	const op = "service.TryLanguageModel"
	i, err := s.installation(op, by)
	if err != nil {
		return t, err
	}
	if i.LanguageModel().Address == "" {
		return t, invalid(op, "No language model is configured, so nothing was sent.")
	}
	t, err = i.TryLanguageModel(ctx)
	outcome := "answered"
	if err != nil {
		outcome = "failed"
	}
	if noted := s.note(ctx, by, "try_language_model", "language-model "+outcome); err == nil {
		err = noted
	}
	return t, err
}

// Health is how this Kerbside is.
type Health struct {
	Engine     EngineHealth
	Space      Space
	SpaceError string // why the space is not known
	Version    string
	Waiting    []kerbside.JobCount
	Aside      []kerbside.Job // of the organisation, with their reasons
	Recordings int            // of the organisation
	Sound      time.Duration  // of them that was transcribed
	Read       ReadState
}

// ReadState is what is known of the last time that everything was read.
type ReadState struct {
	Running bool
	Since   time.Time // when the one that runs began
	At      time.Time // when the last one ended; zero when there was none
	Result  string    // as the audit log has it: "blobs 12 documents 30 faults 0"
	Faults  []string  // of the last one since this server was started
}

// Health gathers how this Kerbside is. Nothing of it names a person or a case.
func (s *Service) Health(ctx context.Context, by kerbside.User) (h Health, err error) {
	i, err := s.installation("service.Health", by)
	if err != nil {
		return h, err
	}
	h.Engine, h.Version, h.Read = i.Engine(), s.d.Version, s.reading.state()
	if h.Space, err = i.Space(ctx); err != nil {
		h.SpaceError = kerbside.MessageOf(err)
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		if h.Waiting, err = tx.JobCounts(); err != nil {
			return err
		}
		if h.Aside, err = tx.SetAside(by.Org); err != nil {
			return err
		}
		visits, err := tx.Visits(by.Org, kerbside.VisitFilter{})
		if err != nil {
			return err
		}
		ids := make([]kerbside.VisitID, len(visits))
		for i, v := range visits {
			ids[i] = v.ID
		}
		totals, err := tx.RecordingTotals(by.Org, ids)
		if err != nil {
			return err
		}
		for _, t := range totals {
			h.Recordings += t.N
			h.Sound += time.Duration(t.DurationMS) * time.Millisecond
		}
		last, err := tx.AuditFind(by.Org, kerbside.AuditFilter{Action: readAction}, 1)
		if len(last) > 0 {
			h.Read.At, h.Read.Result = last[0].At, last[0].Object
		}
		return err
	})
	return h, err
}

// RetryAside has the stages of a visit that gave up tried again, without opening it.
func (s *Service) RetryAside(ctx context.Context, by kerbside.User, id kerbside.VisitID) error {
	const op = "service.RetryAside"
	return s.retry(ctx, op, by, id, func(tx kerbside.Tx) (kerbside.Visit, error) {
		if err := s.looksAfter(op, by); err != nil {
			return kerbside.Visit{}, err
		}
		v, err := tx.Visit(by.Org, id)
		if kerbside.CodeOf(err) == kerbside.CodeNotFound {
			err = conflict(op, "There is nothing to try again. Reload the page.")
		}
		return v, err
	})
}

// AuditPage is a part of the audit log, newest first.
type AuditPage struct {
	Entries []kerbside.NumberedAuditEntry
	Older   int64 // what Before is to be for the next part; 0 when there is none
	Size    int64 // entries in all
	People  []kerbside.User
	Actions []string
}

// auditRows is how many entries a page shows.
const auditRows = 100

// Audit looks through the organisation's audit log: who did what when, to what by its id. It holds no content.
func (s *Service) Audit(ctx context.Context, by kerbside.User, f kerbside.AuditFilter) (p AuditPage, err error) {
	if err := s.looksAfter("service.Audit", by); err != nil {
		return p, err
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		if p.Entries, err = tx.AuditFind(by.Org, f, auditRows+1); err != nil {
			return err
		}
		if len(p.Entries) > auditRows {
			p.Entries = p.Entries[:auditRows]
			p.Older = p.Entries[auditRows-1].N
		}
		if p.Size, err = tx.AuditSize(by.Org); err != nil {
			return err
		}
		if p.People, err = tx.Users(by.Org); err != nil {
			return err
		}
		p.Actions, err = tx.AuditActions(by.Org)
		return err
	})
	return p, err
}

// VerifyAudit compares the organisation's whole audit log with its signed heads and with the ledger.
func (s *Service) VerifyAudit(ctx context.Context, by kerbside.User) (r *audit.Report, err error) {
	if err := s.looksAfter("service.VerifyAudit", by); err != nil {
		return nil, err
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		r, err = audit.Verify(tx, by.Org, audit.Check{Verifier: s.d.Audit.Verifier()})
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, s.note(ctx, by, "verify_audit", fmt.Sprintf("entries %d faults %d", r.Size, len(r.Faults)))
}

// AuditHeads gives the newest signed head of the organisation's log and the key that checks it, to keep elsewhere: what `kerbside audit verify --head` takes.
func (s *Service) AuditHeads(ctx context.Context, by kerbside.User) (string, error) {
	if err := s.looksAfter("service.AuditHeads", by); err != nil {
		return "", err
	}
	var b strings.Builder
	err := s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		b.Reset()
		heads, err := tx.AuditHeads(by.Org)
		fmt.Fprintf(&b, "-- verifier\n%s\n", s.d.Audit.Verifier())
		if n := len(heads); n > 0 {
			fmt.Fprintf(&b, "%s\n%s", audit.HeadMark, heads[n-1].Note)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return b.String(), s.note(ctx, by, "export_heads", "audit")
}
