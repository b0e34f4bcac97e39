package service

import (
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kerbside"
)

var (
	scaleVisits = flag.Int("visits", 300, "visits in the database of TestScale")
	scaleLimit  = flag.Duration("p99", time.Second, "the most that the 99th percentile of TestScale may be, with a thousand visits or more")
)

// TestScale lists, searches and opens visits in a large sealed database, as a person does: the audit entry of each opening is written and synced. make prove-visits
// asks for 10,000 visits and 50 ms.
func TestScale(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	names := []string{"Aldous", "Bryony", "Cormac", "Delphine", "Eamon", "Fenella", "Gwilym", "Hester", "Idris", "Juno"}
	const batch = 250
	r := h.record(h.worker, "", "Mother was calm. Father was out.")
	template := h.await(r.Visit, kerbside.VisitDrafted)
	for from := 0; from < *scaleVisits; from += batch {
		err := h.store.Update(ctx, func(tx kerbside.Tx) error {
			for i := from; i < min(from+batch, *scaleVisits); i++ {
				said := fmt.Sprintf("Visited %s and %s, number %d. %s", names[i%10], names[i/10%10], i, strings.Repeat("The kitchen was tidy and the children had eaten. ", 40))
				if err := h.fakeVisit(tx, template, i, said); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	err := h.store.Update(ctx, func(tx kerbside.Tx) error {
		for i := range 200 {
			if err := tx.PutCase(kerbside.Case{ID: scaleCase(i), Org: h.worker.Org, Reference: fmt.Sprint(i), Name: fmt.Sprintf("Case %d", i), Worker: h.worker.ID, IntervalDays: 14, People: []kerbside.Person{{Name: names[i%10], Role: "child"}}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := h.s.Visits(ctx, h.worker, ListMine)
	if err != nil || len(all) < min(*scaleVisits, maxRows) {
		t.Fatal(len(all), err)
	}
	measure := func(name string, n int, f func(i int) error) {
		if *scaleVisits < 1000 { // a look at whether it works; the figures are of prove-visits
			n = max(n/10, 2)
		}
		took := make([]time.Duration, n)
		for i := range took {
			began := time.Now()
			if err := f(i); err != nil {
				t.Fatal(name, err)
			}
			took[i] = time.Since(began)
		}
		slices.Sort(took)
		p50, p99 := took[n/2], took[n*99/100]
		t.Logf("%d visits, %s: %.1f ms in the middle, %.1f ms at 99 %%", *scaleVisits, name, ms(p50), ms(p99))
		if *scaleVisits >= 1000 && p99 > *scaleLimit {
			t.Errorf("%s takes %.1f ms at 99 %%, the limit is %.1f ms", name, ms(p99), ms(*scaleLimit))
		}
	}
	measure("list", 200, func(int) error { _, err := h.s.Visits(ctx, h.worker, ListMine); return err })
	measure("search for one of them", 300, func(i int) error {
		n := i * 7919 % *scaleVisits
		found, err := h.s.Find(ctx, h.worker, FindInput{Text: fmt.Sprintf("number %d %s", n, names[n%10])})
		if err == nil && found.N != 1 {
			err = fmt.Errorf("%d found", found.N)
		}
		return err
	})
	measure("search for a name", 200, func(i int) error {
		found, err := h.s.Find(ctx, h.worker, FindInput{Text: names[i%10]})
		if err == nil && (len(found.Hits) != FoundPage || len(found.Hits[0].Snippets) == 0) {
			err = fmt.Errorf("%d found", len(found.Hits))
		}
		return err
	})
	measure("search in a case's days", 200, func(i int) error {
		found, err := h.s.Find(ctx, h.worker, FindInput{Text: "kitchen", Case: scaleCase(i), From: "2026-01-01"})
		if err == nil && found.N == 0 {
			err = fmt.Errorf("none found")
		}
		return err
	})
	measure("before a visit of a case", 100, func(i int) error { _, err := h.s.Brief(ctx, h.worker, scaleCase(i)); return err })
	measure("timeline of a case", 100, func(i int) error { _, err := h.s.Chronology(ctx, h.worker, scaleCase(i)); return err })
	loose := func(name string, n int, f func(i int) error) { // lists over all visits: not what somebody waits for at each step
		limit := *scaleLimit
		*scaleLimit = 10 * limit
		measure(name, n, f)
		*scaleLimit = limit
	}
	loose("alerts", 50, func(int) error { _, err := h.s.Alerts(ctx, h.worker); return err })
	loose("actions", 20, func(int) error { _, err := h.s.Actions(ctx, h.worker, false); return err })
	loose("a team's figures", 20, func(int) error { _, err := h.s.Overview(ctx, h.manager); return err })
	measure("cases to choose from", 100, func(int) error { _, err := h.s.CasesToChoose(ctx, h.worker); return err })
	measure("open", 300, func(i int) error { _, err := h.s.Visit(ctx, h.worker, all[i*31%len(all)].Visit.ID); return err })
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// fakeVisit puts in a drafted visit with documents of a usual size.
func (h *house) fakeVisit(tx kerbside.Tx, like *VisitView, i int, said string) error {
	v := kerbside.Visit{ID: kerbside.VisitID(fmt.Sprintf("v-scale-%d", i)), Org: h.worker.Org, Worker: h.worker.ID, Case: scaleCase(i), Title: fmt.Sprintf("Visit %d", i), Date: "2026-03-03", State: kerbside.VisitDrafted,
		CreatedAt: h.now().Add(time.Duration(i) * time.Second), UpdatedAt: h.now()}
	r := kerbside.Recording{ID: kerbside.RecordingID(fmt.Sprintf("r-scale-%d", i)), Org: v.Org, Visit: v.ID, ClientID: fmt.Sprint("scale", i), Kind: kerbside.KindDebrief, Name: "memo.m4a", State: kerbside.RecordingSafe, DurationMS: 60_000}
	if err := tx.PutVisit(v); err != nil {
		return err
	}
	if err := tx.PutRecording(r); err != nil {
		return err
	}
	t := *like.Transcripts[0].Transcript
	t.ID, t.Text, t.Words = kerbside.TranscriptID(fmt.Sprintf("t-scale-%d", i)), said, kerbside.SplitWords(said)
	t.Segments = nil
	docs := []struct {
		kind kerbside.DocumentKind
		key  string
		body any
	}{{kerbside.DocTranscript, string(r.ID), t}, {kerbside.DocRecord, "", like.Record}}
	for _, d := range like.Drafts {
		docs = append(docs, struct {
			kind kerbside.DocumentKind
			key  string
			body any
		}{kerbside.DocDraft, string(d.Draft.Audience), d.Draft})
	}
	for n, d := range docs {
		body, err := json.Marshal(d.body)
		if err != nil {
			return err
		}
		doc := kerbside.Document{ID: kerbside.DocumentID(fmt.Sprintf("d-scale-%d-%d", i, n)), Org: v.Org, Visit: v.ID, Kind: d.kind, Key: d.key, Version: 1, SHA256: kerbside.HexSHA256(body), At: h.s.now(), Body: body}
		if err := tx.AddDocument(doc); err != nil {
			return err
		}
	}
	sum, err := json.Marshal(digestOf{Day: v.Date, Visited: true, Spoken: v.CreatedAt, Drafted: v.CreatedAt, Words: len(t.Words), Doubts: i % 7})
	if err != nil {
		return err
	}
	if err := tx.PutDigest(kerbside.Digest{Org: v.Org, Visit: v.ID, Body: string(sum)}); err != nil {
		return err
	}
	return tx.PutSearch(v.Org, v.ID, searchWords(v.Title, said))
}

// scaleCase is the case of a visit: each has fifty of ten thousand.
func scaleCase(i int) kerbside.CaseID { return kerbside.CaseID(fmt.Sprintf("c-scale-%d", i%200)) }
