package service

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"time"

	"kerbside"
)

// AlertMessage is what the organisation's own system is told of an alert: ids and kinds only (kerbside.alert/v1).
type AlertMessage struct {
	Schema       string                  `json:"schema"`
	ID           string                  `json:"id"`
	Kind         AlertKind               `json:"kind"`
	Organisation kerbside.OrganisationID `json:"organisation"`
	Visit        kerbside.VisitID        `json:"visit"` // "" when it is about a case
	Case         kerbside.CaseID         `json:"case"`  // "" when nobody has said whose visit it was
	At           time.Time               `json:"at"`    // when it was noticed
}

const (
	alertSchema = "kerbside.alert/v1"
	notifyTries = 16 // with the waits between them, about three days
)

// notifyWait is how long to wait after so many tries: half a minute, doubled each time, six hours at most.
func notifyWait(attempts int) time.Duration {
	return min(30*time.Second<<min(attempts, 12), 6*time.Hour)
}

// notifyLoop tells the organisation's own system of alerts, until ctx ends.
func (s *Service) notifyLoop(ctx context.Context) {
	for tick := time.NewTicker(s.d.NotifyEvery); ; {
		if err := s.notifyOnce(ctx); err != nil && ctx.Err() == nil {
			s.log.LogAttrs(ctx, slog.LevelError, "alerts could not be looked through", errAttrs(err)...)
		}
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

// notifyOnce notes new alerts, and sends those whose time has come. What is sent twice after a crash has the same id.
func (s *Service) notifyOnce(ctx context.Context) error {
	var orgs []kerbside.Organisation
	if err := s.d.Store.View(ctx, func(tx kerbside.Tx) (err error) { orgs, err = tx.Organisations(); return err }); err != nil {
		return err
	}
	for _, o := range orgs {
		alerts, sendings, err := s.alertsToSend(ctx, o.ID)
		if err != nil {
			return err
		}
		for _, x := range sendings {
			i := slices.IndexFunc(alerts, func(a Alert) bool { return a.Key == x.Key })
			if i < 0 || alerts[i].SeenBy != "" { // settled, or looked after: nobody needs to be told any more
				x.NextTry = time.Time{}
			} else {
				s.send(ctx, alerts[i], &x)
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := s.d.Store.Update(ctx, func(tx kerbside.Tx) error { return tx.PutAlertSending(x) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// alertsToSend gives all alerts of an organisation, and what is to be sent now.
func (s *Service) alertsToSend(ctx context.Context, org kerbside.OrganisationID) (alerts []Alert, due []kerbside.AlertSending, err error) {
	now := s.now()
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		due = nil
		everybody := responsible{visit: func(kerbside.Visit) bool { return true }, ofCase: func(kerbside.Case) bool { return true }}
		if alerts, err = s.alerts(tx, org, everybody); err != nil {
			return err
		}
		objects := make([]string, len(alerts))
		for i, a := range alerts {
			objects[i] = a.Key.Object
		}
		known, err := tx.AlertSendings(org, objects)
		if err != nil {
			return err
		}
		for _, a := range alerts {
			if a.SeenBy != "" || slices.ContainsFunc(known, func(x kerbside.AlertSending) bool { return x.Key == a.Key }) {
				continue
			}
			id, err := s.newID("al")
			if err != nil {
				return err
			}
			x := kerbside.AlertSending{Key: a.Key, ID: id, At: now, NextTry: now}
			if err := tx.PutAlertSending(x); err != nil {
				return err
			}
			known = append(known, x)
		}
		for _, x := range known {
			if !x.NextTry.IsZero() && !x.NextTry.After(now) {
				due = append(due, x)
			}
		}
		return nil
	})
	return alerts, due, err
}

// send tries once.
func (s *Service) send(ctx context.Context, a Alert, x *kerbside.AlertSending) {
	body, err := json.Marshal(AlertMessage{Schema: alertSchema, ID: x.ID, Kind: a.Kind, Organisation: x.Key.Org, Visit: a.Visit.ID, Case: a.CaseID, At: x.At})
	if err == nil {
		err = s.d.Notifier.Notify(ctx, x.ID, body)
	}
	now := s.now()
	x.Attempts++
	switch {
	case err == nil:
		x.SentAt, x.NextTry = now, time.Time{}
		return
	case ctx.Err() != nil:
		return
	case x.Attempts >= notifyTries:
		x.NextTry = time.Time{}
	default:
		x.NextTry = now.Add(notifyWait(x.Attempts))
	}
	s.log.LogAttrs(ctx, slog.LevelWarn, "an alert was not taken", append(errAttrs(err), slog.String("alert", x.ID), slog.Int("attempts", x.Attempts), slog.Bool("given up", x.NextTry.IsZero()))...)
}
