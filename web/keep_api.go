package web

import (
	"io"
	"net/http"
	"time"

	"kerbside"
	"kerbside/service"
)

// What is kept for how long, as programs read and administrators' pages change it.

// apiRules are the three rules of a policy.
type apiRules struct {
	Audio       kerbside.KeepRule `json:"audio"`
	Transcripts kerbside.KeepRule `json:"transcripts"`
	Drafts      kerbside.KeepRule `json:"drafts"`
}

func rulesJSON(p kerbside.RetentionPolicy) apiRules { return apiRules{p.Sound, p.Words, p.Notes} }

func (a apiRules) policy() kerbside.RetentionPolicy {
	return kerbside.RetentionPolicy{Sound: a.Audio, Words: a.Transcripts, Notes: a.Drafts}
}

type apiRetention struct {
	Version   int              `json:"version"` // 0: none was set, and everything is kept
	Policy    *apiRules        `json:"policy"`  // null for version 0
	Suggested apiRules         `json:"suggested"`
	Versions  []apiRetentionOf `json:"versions"` // newest first
}

type apiRetentionOf struct {
	Version int       `json:"version"`
	Policy  apiRules  `json:"policy"`
	By      string    `json:"by"` // "" at the command line
	At      time.Time `json:"at"`
}

type apiDue struct {
	Visit  kerbside.VisitID `json:"visit"`
	Day    string           `json:"day"` // of the visit
	Worker string           `json:"worker"`
	Part   kerbside.Part    `json:"part"`
	At     time.Time        `json:"at"`
	Held   bool             `json:"held"`
}

type apiPreview struct {
	Due    []apiDue              `json:"due"` // soonest first, at most 100
	Counts map[kerbside.Part]int `json:"counts"`
	Held   int                   `json:"held"` // parts that would go, and stay under a legal hold
}

type apiReceipt struct {
	Receipt kerbside.Receipt `json:"receipt"`
	By      string           `json:"by"`     // "" for a policy
	SHA256  string           `json:"sha256"` // of the receipt as JSON without spaces, as the audit log's entry "erase" has it
}

type apiHold struct {
	ID        string     `json:"id"`
	Reason    string     `json:"reason"`
	By        string     `json:"by"`
	At        time.Time  `json:"at"`
	EndReason string     `json:"end_reason,omitempty"`
	EndBy     string     `json:"end_by,omitempty"`
	EndAt     *time.Time `json:"end_at"` // null while it is in force
}

func (s *server) apiRetention(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	return s.showRetention(w, r, u)
}

func (s *server) showRetention(w http.ResponseWriter, r *http.Request, u kerbside.User) error {
	v, err := s.Service.Retention(r.Context(), u)
	if err != nil {
		return err
	}
	out := apiRetention{Version: v.Policy.Version, Suggested: rulesJSON(v.Suggested), Versions: []apiRetentionOf{}}
	if out.Version > 0 {
		rules := rulesJSON(v.Policy)
		out.Policy = &rules
	}
	for _, x := range v.Versions {
		out.Versions = append(out.Versions, apiRetentionOf{x.Policy.Version, rulesJSON(x.Policy), x.ByName, x.At})
	}
	setRevision(w, v.Revision)
	return writeJSON(w, out)
}

func (s *server) apiSetRetention(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	var in apiRules
	if err := readJSON(w, r, &in); err != nil {
		return err
	}
	if err := s.Service.ReplaceRetention(r.Context(), u, in.policy()); err != nil {
		return err
	}
	return s.showRetention(w, r, u)
}

// apiPreviewRetention takes a policy that is not set yet, or none for the one in force.
func (s *server) apiPreviewRetention(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	var in struct {
		Days   int       `json:"days"`
		Policy *apiRules `json:"policy"`
	}
	if err := readJSON(w, r, &in); err != nil {
		return err
	}
	var p *kerbside.RetentionPolicy
	if in.Policy != nil {
		of := in.Policy.policy()
		p = &of
	}
	v, err := s.Service.PreviewRetention(r.Context(), u, p, in.Days)
	if err != nil {
		return err
	}
	out := apiPreview{Due: []apiDue{}, Counts: map[kerbside.Part]int{}, Held: v.HeldCount}
	for _, part := range kerbside.Parts() {
		out.Counts[part] = v.DueCount[part]
	}
	for _, d := range v.Due {
		out.Due = append(out.Due, apiDue{d.Visit, d.Day, d.WorkerName, d.Part, d.At, d.Held})
	}
	return writeJSON(w, out)
}

func (s *server) apiRunRetention(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	if err := readJSON(w, r, &struct{}{}); err != nil {
		return err
	}
	n, err := s.Service.RunRetention(r.Context(), u)
	if err != nil {
		return err
	}
	return writeJSON(w, struct {
		Parts int `json:"parts"`
	}{n})
}

func (s *server) apiReceipts(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	limit, err := pageLimit(r.URL.Query().Get("limit"))
	if err != nil {
		return err
	}
	page, more, err := s.Service.ReceiptPage(r.Context(), u, r.URL.Query().Get("after"), limit)
	if err != nil {
		return err
	}
	out := struct {
		Receipts []apiReceipt `json:"receipts"`
		Next     string       `json:"next"` // for after=; "" at the end
	}{Receipts: []apiReceipt{}}
	for _, x := range page {
		out.Receipts = append(out.Receipts, apiReceipt{x.Receipt, x.ByName, x.SHA256})
	}
	if more {
		out.Next = page[len(page)-1].ID
		linkNext(w, r, out.Next)
	}
	return writeJSON(w, out)
}

// apiSendConsent takes what a recorder was told: who agreed, how, when.
func (s *server) apiSendConsent(w http.ResponseWriter, r *http.Request) error {
	const op = "web.apiSendConsent"
	u, err := s.user(r)
	if err != nil {
		return err
	}
	n, err := smallNumber(r.PathValue("n"), 0)
	if err != nil {
		return err
	}
	seal := r.Header.Get(chunkSeal)
	if seal != "" && seal != "hpke-1" {
		return kerbside.E(kerbside.CodeInvalid, op, "The header "+chunkSeal+" may be hpke-1 or missing.", nil)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 8<<10))
	if err != nil {
		return kerbside.E(kerbside.CodeInvalid, op, "This is not what a recorder sends.", nil)
	}
	if err := s.Service.SendConsent(r.Context(), u, kerbside.RecordingID(r.PathValue("id")), n, seal != "", body); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *server) apiHolds(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	return s.showHolds(w, r, u)
}

func (s *server) showHolds(w http.ResponseWriter, r *http.Request, u kerbside.User) error {
	holds, err := s.Service.Holds(r.Context(), u, kerbside.CaseID(r.PathValue("id")))
	if err != nil {
		return err
	}
	out := struct {
		Holds []apiHold `json:"holds"` // oldest first
	}{[]apiHold{}}
	for _, h := range holds {
		out.Holds = append(out.Holds, holdJSON(h))
	}
	return writeJSON(w, out)
}

func holdJSON(h service.HoldView) apiHold {
	out := apiHold{ID: h.ID, Reason: h.Reason, By: h.ByName, At: h.At, EndReason: h.EndReason, EndBy: h.EndByName}
	if h.Ended {
		out.EndAt = &h.EndAt
	}
	return out
}

func (s *server) apiPlaceHold(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Reason string `json:"reason"`
	}
	return s.changeHold(w, r, &in, func(u kerbside.User, id kerbside.CaseID) error {
		return s.Service.PlaceHold(r.Context(), u, id, in.Reason)
	})
}

func (s *server) apiEndHold(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Hold   string `json:"hold"`
		Reason string `json:"reason"`
	}
	return s.changeHold(w, r, &in, func(u kerbside.User, id kerbside.CaseID) error {
		return s.Service.EndHold(r.Context(), u, id, in.Hold, in.Reason)
	})
}

func (s *server) changeHold(w http.ResponseWriter, r *http.Request, in any, do func(kerbside.User, kerbside.CaseID) error) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	if err := readJSON(w, r, in); err != nil {
		return err
	}
	if err := do(u, kerbside.CaseID(r.PathValue("id"))); err != nil {
		return err
	}
	return s.showHolds(w, r, u)
}
