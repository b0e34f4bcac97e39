package service

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"kerbside"
)

// ConsentState is where a visit's consent stands.
type ConsentState string

// The states.
const (
	ConsentNone      ConsentState = ""          // none is needed: nobody but the worker was recorded
	ConsentMissing   ConsentState = "missing"   // a visit was recorded, and nobody has noted who agreed
	ConsentThere     ConsentState = "given"     // noted
	ConsentWithdrawn ConsentState = "withdrawn" // everything stands still until somebody decides
	ConsentKept      ConsentState = "kept"      // withdrawn; a manager decided to go on all the same, and why
)

// The ways to consent, and when.
var (
	consentHows  = []string{"spoken", "written", "recorded"}
	consentWhens = []string{"before", "at", "after"}
)

// ConsentLineView is a line of a visit's consent ledger.
type ConsentLineView struct {
	kerbside.ConsentEvent
	ByName string
	Line   kerbside.ConsentLine
}

// ConsentInput is what somebody notes of consent.
type ConsentInput struct {
	Who  string // name or role
	How  string // spoken, written, recorded
	When string // before, at or after the recording
}

type consentLine struct {
	line  kerbside.LedgerLine
	event kerbside.ConsentEvent
}

func (b *bundle) loadConsent(tx kerbside.Tx) error {
	lines, events, err := readLedger[kerbside.ConsentEvent](tx, b.visit.Org, kerbside.LedgerConsent, string(b.visit.ID))
	for i := range lines {
		b.consents = append(b.consents, consentLine{lines[i], events[i]})
	}
	return err
}

// consentState is where consent stands. Withdrawn stays so until somebody decides, whether or not anything was recorded yet.
func (b *bundle) consentState() ConsentState {
	recorded := slices.ContainsFunc(b.recordings, func(r kerbside.Recording) bool {
		return r.Kind == kerbside.KindVisit && r.State != kerbside.RecordingVoid && r.State != kerbside.RecordingErased && r.State != kerbside.RecordingExpired
	})
	var last kerbside.ConsentEventKind
	if n := len(b.consents); n > 0 {
		last = b.consents[n-1].event.Event
	}
	switch {
	case last == kerbside.ConsentWithdrawn:
		return ConsentWithdrawn
	case !recorded:
		return ConsentNone
	case last == kerbside.ConsentGiven:
		return ConsentThere
	case last == kerbside.ConsentKept:
		return ConsentKept
	}
	return ConsentMissing
}

// stopped reports whether nothing may be made or taken of the visit: consent was withdrawn and nobody has decided yet.
func (b *bundle) stopped() bool { return b.consentState() == ConsentWithdrawn }

// consentLines are the ledger as it stands in the record and leaves the house. Reasons of decisions stay here.
func (b *bundle) consentLines() kerbside.List[kerbside.ConsentLine] {
	var out kerbside.List[kerbside.ConsentLine]
	for _, c := range b.consents {
		at := c.line.At
		if !c.event.Noted.IsZero() {
			at = c.event.Noted
		}
		out = append(out, kerbside.ConsentLine{Event: c.event.Event, Who: c.event.Who, How: c.event.How, When: c.event.When, At: at, By: c.line.By})
	}
	return out
}

const stoppedMessage = "Consent to this recording was withdrawn, so nothing is made or taken of it. Decide first whether it is deleted."

// going refuses whatever processes a visit whose consent was withdrawn.
func going(tx kerbside.Tx, op string, v kerbside.Visit) error {
	b := &bundle{visit: v}
	if err := b.loadConsent(tx); err != nil {
		return err
	}
	if b.stopped() {
		return conflict(op, stoppedMessage)
	}
	return nil
}

func named(op, who string) error {
	if err := wanted(op, who, maxName); err != nil {
		return invalid(op, "Say who it was, by name or as “mother”.")
	}
	return nil
}

// NoteConsent notes that somebody agreed to be recorded; before, at or after the recording.
func (s *Service) NoteConsent(ctx context.Context, by kerbside.User, id kerbside.VisitID, in ConsentInput) error {
	const op = "service.NoteConsent"
	e := kerbside.ConsentEvent{Event: kerbside.ConsentGiven, Who: in.Who, How: in.How, When: in.When}
	return s.consent(ctx, op, by, id, UseConsent, "", e, "consent", func(tx kerbside.Tx, b *bundle) error {
		if err := in.check(op); err != nil {
			return err
		}
		if b.visit.State == kerbside.VisitErased {
			return conflict(op, "What was recorded here was deleted.")
		}
		return s.renew(tx, b)
	})
}

func (in ConsentInput) check(op string) error {
	if err := named(op, in.Who); err != nil {
		return err
	}
	if !slices.Contains(consentHows, in.How) || !slices.Contains(consentWhens, in.When) {
		return invalid(op, "Say how they agreed, and whether before, at or after the recording.")
	}
	return nil
}

// maxConsent bounds what a recorder sends of one consent, in bytes.
const maxConsent = 4 << 10

// SendConsent takes what a recorder was told of consent: the n-th of its recording, from 0. It may have waited on the phone, sealed like sound as piece n of take 0;
// sent again it is noted once. One that reaches the server after consent was taken back undoes nothing: it is CodeConflict.
func (s *Service) SendConsent(ctx context.Context, by kerbside.User, id kerbside.RecordingID, n int, sealed bool, body []byte) error {
	const op = "service.SendConsent"
	if n < 0 || n >= maxConsents || len(body) > maxConsent {
		return invalid(op, "This is not what a recorder sends.")
	}
	var rec kerbside.Recording
	err := s.d.Store.View(ctx, func(tx kerbside.Tx) (err error) {
		if err := signedIn(op, by); err != nil {
			return err
		}
		rec, err = tx.Recording(by.Org, id)
		if kerbside.CodeOf(err) == kerbside.CodeNotFound {
			return kerbside.E(kerbside.CodeNotFound, op, "There is no such recording, or it is not one of yours.", nil)
		}
		if err == nil {
			_, err = s.permitted(tx, op, by, UseConsent, rec.Visit)
		}
		return err
	})
	if err != nil {
		return err
	}
	if sealed {
		if s.d.RecorderKey == nil {
			return invalid(op, "This server takes nothing sealed.")
		}
		if body, err = s.d.RecorderKey.Open(SealInfo(rec.ClientID, 0, n), body); err != nil {
			return err
		}
	}
	var told struct {
		Who, How, When string
		At             time.Time
	}
	if json.Unmarshal(body, &told) != nil { // its error may quote the body
		return invalid(op, "This is not what a recorder sends.")
	}
	in := ConsentInput{told.Who, told.How, told.When}
	if err := in.check(op); err != nil {
		return err
	}
	e := kerbside.ConsentEvent{Event: kerbside.ConsentGiven, Who: in.Who, How: in.How, When: in.When}
	if now := s.now(); !told.At.After(now.Add(time.Minute)) && told.At.After(rec.CreatedAt.AddDate(0, -1, 0)) { // a clock that is far off tells nothing
		e.Noted = told.At.UTC().Truncate(time.Millisecond)
	}
	line := kerbside.DerivedID("l", string(id), "consent", number(n))
	err = s.consent(ctx, op, by, rec.Visit, UseConsent, line, e, "consent", func(tx kerbside.Tx, b *bundle) error {
		switch {
		case b.visit.State == kerbside.VisitErased:
			return conflict(op, "What was recorded here was deleted.")
		case b.stopped():
			return conflict(op, "Consent to this recording was taken back. That stays as it is.")
		}
		return s.renew(tx, b)
	})
	if errors.Is(err, errNoted) {
		return nil
	}
	return err
}

// maxConsents is how many consents one recording has at most.
const maxConsents = 100

// errNoted says that a line is in the ledger already.
var errNoted = errors.New("noted before")

// WithdrawConsent notes that somebody took their consent back. Processing stops at once, whatever runs for the visit included, until somebody decides.
func (s *Service) WithdrawConsent(ctx context.Context, by kerbside.User, id kerbside.VisitID, who string) error {
	const op = "service.WithdrawConsent"
	e := kerbside.ConsentEvent{Event: kerbside.ConsentWithdrawn, Who: who}
	err := s.consent(ctx, op, by, id, UseConsent, "", e, "withdraw_consent", func(_ kerbside.Tx, b *bundle) error {
		if err := named(op, who); err != nil {
			return err
		}
		if b.stopped() {
			return conflict(op, "This was noted already. Decide now whether the recording is deleted.")
		}
		if b.consentState() == ConsentNone {
			return conflict(op, "Nobody but the worker was recorded here, so there is nothing to withdraw.")
		}
		return nil
	})
	if err == nil {
		s.stopWork(by.Org, id)
	}
	return err
}

// KeepAfterWithdrawal is a manager's decision that what was recorded is kept and goes on although consent was withdrawn, and why.
func (s *Service) KeepAfterWithdrawal(ctx context.Context, by kerbside.User, id kerbside.VisitID, reason string) error {
	const op = "service.KeepAfterWithdrawal"
	e := kerbside.ConsentEvent{Event: kerbside.ConsentKept, Reason: strings.TrimSpace(reason)}
	return s.consent(ctx, op, by, id, UseErase, "", e, "keep_after_withdrawal", func(tx kerbside.Tx, b *bundle) error {
		if err := wanted(op, reason, MaxAnswer); err != nil {
			return err
		}
		if !b.stopped() {
			return conflict(op, "Nothing waits for a decision here. Reload the page.")
		}
		return s.renew(tx, b)
	})
}

// consent adds a line to the ledger of a visit after f, which is given the visit as it was. The line's id is made up when it is ""; one that is there already is
// errNoted.
func (s *Service) consent(ctx context.Context, op string, by kerbside.User, id kerbside.VisitID, u Use, line string, e kerbside.ConsentEvent, action string, f func(kerbside.Tx, *bundle) error) error {
	e.Who = strings.Join(strings.Fields(e.Who), " ")
	var v kerbside.Visit
	err := s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		visit, err := s.permitted(tx, op, by, u, id)
		if err != nil {
			return err
		}
		b, err := loadBundle(tx, visit)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(b.consents, func(c consentLine) bool { return c.line.ID == line }) {
			return errNoted
		}
		line := line // f runs again when the transaction does
		if line == "" {
			if line, err = s.newID("l"); err != nil {
				return err
			}
		}
		if err := s.addLedgerLine(tx, by, line, kerbside.LedgerConsent, string(id), e); err != nil {
			return err
		}
		if err := f(tx, b); err != nil {
			return err
		}
		v = b.visit
		return s.audit(tx, by, action, "consent "+line, id)
	})
	if err == nil {
		s.announce(v)
	}
	return err
}

// renew has the record made anew with the consent as it is now; an approval is of the record as it was, so it is given again. What is locked stays as it is.
func (s *Service) renew(tx kerbside.Tx, b *bundle) error {
	if b.visit.State.Closed() || len(b.recordings) == 0 || b.visit.State == kerbside.VisitOpen { // sound that still arrives is worked with what is known then
		return nil
	}
	if err := s.changed(tx, &b.visit); err != nil {
		return err
	}
	return enqueueAll(tx, b)
}

// DeleteWithdrawn deletes what was recorded of others in a visit whose consent was withdrawn, the words of it, and the record and drafts that rest on
// them; these are written again from what else there is. Of a locked visit record and drafts stay, unless everything is said to go.
func (s *Service) DeleteWithdrawn(ctx context.Context, by kerbside.User, id kerbside.VisitID, everything bool, reason string) error {
	const op = "service.DeleteWithdrawn"
	reason = strings.TrimSpace(reason)
	if err := checkText(op, reason, MaxAnswer); err != nil {
		return err
	}
	var e *erasure
	var v kerbside.Visit
	err := s.d.Store.Update(ctx, func(tx kerbside.Tx) (err error) {
		if v, err = s.permitted(tx, op, by, UseConsent, id); err != nil {
			return err
		}
		b, err := loadBundle(tx, v)
		if err != nil {
			return err
		}
		if !b.stopped() {
			return conflict(op, "Nothing waits for a decision here. Reload the page.")
		}
		if e, err = s.eraser(tx, op, &v, cause{by: by, consent: true, reason: reason}); err != nil {
			return err
		}
		if err := e.recorded(b, everything); err != nil {
			return err
		}
		line, err := s.addLedger(tx, by, kerbside.LedgerConsent, string(id), kerbside.ConsentEvent{Event: kerbside.ConsentDeleted, Reason: reason})
		if err != nil {
			return err
		}
		if err := s.audit(tx, by, "delete_withdrawn", "consent "+line, id); err != nil {
			return err
		}
		return e.remake()
	})
	if err == nil {
		s.finish(ctx, v, e.sounds)
	}
	return err
}

// recorded deletes recordings of others with what was made of them.
func (e *erasure) recorded(b *bundle, everything bool) error {
	which := []kerbside.RecordingID{}
	for _, r := range b.recordings {
		if r.Kind == kerbside.KindVisit {
			which = append(which, r.ID)
		}
	}
	if err := e.sound(which); err != nil {
		return err
	}
	if err := e.words(which); err != nil {
		return err
	}
	if everything || !e.v.State.Closed() {
		return e.notes()
	}
	return nil
}

// remake has record and drafts written from what is left of an open visit; with nothing left it waits for something new.
func (e *erasure) remake() error {
	state := e.v.State
	b, err := loadBundle(e.tx, *e.v)
	if err != nil {
		return err
	}
	if !state.Closed() {
		e.v.Reason = ""
		state = kerbside.VisitOpen
		if b.words() || len(b.untranscribed()) > 0 {
			state = kerbside.VisitProcessing
		} else if err := e.tx.PutDigest(kerbside.Digest{Org: e.v.Org, Visit: e.v.ID, Body: "{}"}); err != nil { // nothing is left to sum up
			return err
		}
	}
	return e.close(state, false)
}
