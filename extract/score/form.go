package score

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kerbside"
)

// The form of a case is that which validate.py of the evaluation set holds cases to. What is wrong is told by its place alone: a value, and a key
// too, may be words that were spoken.

// rule says what is wrong with a decoded value, "" when nothing is.
type rule func(v any) string

// key is one key of an object.
type key struct {
	name    string
	lacking bool // it may be left out
	rule    rule
}

// The keys of the gold's objects, the groups in the order in which they are looked at.
var (
	yesOrNo     = oneOf(kerbside.Yes, kerbside.No, kerbside.NotStated)
	attribution = oneOf(kerbside.Observed, kerbside.ChildSaid, kerbside.AdultSaid, kerbside.ProfessionalSaid, kerbside.WorkerOpinion)
	polarity    = oneOf(kerbside.Affirmed, kerbside.Negated, kerbside.Uncertain)
	dayOrNone   = each(func(s string) bool { return s == "" || isDay(s) }, "is no date such as 2026-03-03")
	timeOrNone  = each(func(s string) bool { return s == "" || isTime(s) }, "is no time such as 16:00")
	anyWords    = each(func(string) bool { return true }, "")

	visitForm = []key{
		{"date", false, dayOrNone}, {"time", false, timeOrNone},
		{"type", false, oneOf(kerbside.VisitChildProtection, kerbside.VisitChildInNeed, kerbside.VisitLookedAfter, kerbside.VisitAssessment, kerbside.VisitOther, kerbside.NotStated)},
		{"announced", false, yesOrNo}, {"child_seen", false, yesOrNo}, {"seen_alone", false, yesOrNo}, {"bedroom_seen", false, yesOrNo}, {"next_visit", false, dayOrNone},
	}
	groupForms = []struct {
		name    string
		lacking bool
		keys    []key
	}{
		{"attendees", true, []key{{"name", true, isString}, {"role", true, isString}, {"presence", false, oneOf(kerbside.Present, kerbside.Absent, kerbside.Mentioned)}, {"aliases", true, areStrings}}},
		{"risks", false, []key{{"quote", false, isString}, {"polarity", false, polarity}, {"temporality", false, oneOf(kerbside.Current, kerbside.Historical, kerbside.Future)}, {"attribution", false, attribution}}},
		{"strengths", false, []key{{"quote", false, isString}, {"polarity", false, polarity}, {"attribution", false, attribution}}},
		{"actions", false, []key{{"quote", false, isString}, {"owner", false, anyWords}, {"due", false, dayOrNone}, {"status", false, oneOf(kerbside.Planned, kerbside.Agreed, kerbside.Done)}}},
		{"child_voice", false, []key{{"child", false, anyWords}, {"quote", false, isString}}},
		{"optional", true, []key{{"kind", false, both(isString, oneOf("risk", "strength", "action", "child_voice", "attendee"))}, {"quote", false, isString}}},
	}
)

func isString(v any) string {
	if _, ok := v.(string); !ok {
		return "is not a string"
	}
	return ""
}

func areStrings(v any) string {
	list, ok := v.([]any)
	if !ok || slices.ContainsFunc(list, func(x any) bool { return isString(x) != "" }) {
		return "is not a list of strings"
	}
	return ""
}

// each holds what a field accepts, a string or a list of them, to do; otherwise is what is wrong with one that does not.
func each(do func(string) bool, otherwise string) rule {
	return func(v any) string {
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		if len(list) == 0 {
			return "accepts nothing"
		}
		for _, x := range list {
			s, ok := x.(string)
			if !ok {
				return "is neither a string nor a list of strings"
			}
			if !do(s) {
				return otherwise
			}
		}
		return ""
	}
}

func oneOf(set ...string) rule {
	return each(func(s string) bool { return slices.Contains(set, s) }, "is none of "+strings.Join(set, ", "))
}

func both(one, other rule) rule {
	return func(v any) string {
		if wrong := one(v); wrong != "" {
			return wrong
		}
		return other(v)
	}
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func isTime(s string) bool {
	_, err := time.Parse("15:04", s)
	return err == nil && len(s) == len("15:04")
}

// parse reads one case. Its error is a part of a sentence and holds nothing of the case.
func parse(b []byte) (Case, error) {
	var c Case
	if !utf8.Valid(b) {
		return c, errors.New("it is not UTF-8")
	}
	var whole any
	if err := json.Unmarshal(b, &whole); err != nil {
		return c, fmt.Errorf("it is not JSON, near line %d", kerbside.JSONLine(b, int64(len(b)), err))
	}
	top, ok := whole.(map[string]any)
	if !ok {
		return c, errors.New("it is not an object")
	}
	for _, f := range []key{{"id", false, isString}, {"visit_date", false, both(isString, dayOrNone)}, {"text", false, isString}} {
		if top[f.name] == nil || top[f.name] == "" {
			return c, errors.New("it lacks " + f.name)
		}
		if wrong := f.rule(top[f.name]); wrong != "" {
			return c, errors.New(f.name + " " + wrong)
		}
	}
	gold, ok := top["gold"].(map[string]any)
	if !ok {
		return c, errors.New("gold is not an object")
	}
	if err := checkGold(gold); err != nil {
		return c, err
	}
	// Only now: a key of another case would be taken for one of these.
	exact, err := json.Marshal(map[string]any{"id": top["id"], "visit_date": top["visit_date"], "text": top["text"], "gold": gold})
	if err == nil {
		err = json.Unmarshal(exact, &c)
	}
	if err != nil {
		return c, errors.New("it is not an object with id, visit_date, text and gold") // err would quote it
	}
	return c, c.check()
}

func checkGold(gold map[string]any) error {
	visit, ok := gold["visit"]
	if !ok {
		return errors.New("gold lacks visit")
	}
	if err := checkObject(visit, visitForm, "gold.visit", " of gold.visit"); err != nil {
		return err
	}
	known := []string{"visit"}
	for _, g := range groupForms {
		known = append(known, g.name)
		v, ok := gold[g.name]
		if !ok && g.lacking {
			continue
		}
		if !ok {
			return fmt.Errorf("gold lacks %s", g.name)
		}
		list, ok := v.([]any)
		if !ok {
			return fmt.Errorf("gold.%s is not a list", g.name)
		}
		for i, item := range list {
			of := fmt.Sprintf(" %d of gold.%s", i+1, g.name)
			if err := checkObject(item, g.keys, "number"+of, of); err != nil {
				return err
			}
		}
	}
	known = append(known, "traps")
	for k := range gold {
		if !slices.Contains(known, k) { // a group by another name would go unseen
			return fmt.Errorf("gold has a key that is none of %s", strings.Join(known, ", "))
		}
	}
	return nil
}

// checkObject holds an object to its keys; name is how it is called, of what stands after one of its keys.
func checkObject(v any, keys []key, name, of string) error {
	object, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("%s is not an object", name)
	}
	for _, f := range keys {
		x, ok := object[f.name]
		switch {
		case !ok && f.lacking:
		case !ok:
			return fmt.Errorf("%s lacks %s", name, f.name)
		default:
			if wrong := f.rule(x); wrong != "" {
				return fmt.Errorf("%s%s %s", f.name, of, wrong)
			}
		}
	}
	return nil // what else somebody notes there changes no figure
}
