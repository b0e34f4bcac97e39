package draft

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"

	"kerbside"
	"kerbside/prompts"
)

// compiled is a template that has been checked.
type compiled struct {
	prompts.Template
	tree     *template.Template
	literals []string // all its own words
	own      wordSet
	sorted   bool // it asks for what is good or bad by itself
	dot      string
	faults   []prompts.Fault
}

var functions = template.FuncMap{"say": say, "choose": choose}

// compile parses a template and checks that it uses what its front matter requires, nothing that it forbids, and no words that could turn what
// the record says round. It gives all faults that it finds.
func compile(t prompts.Template, phrases map[string]string) (*compiled, []prompts.Fault) {
	file := t.File
	if file == "" {
		file = t.Name + ".tmpl"
	}
	c := &compiled{Template: t, own: wordSet{}}
	bad := func(line int, format string, a ...any) {
		c.faults = append(c.faults, prompts.Fault{File: file, Line: line, Text: fmt.Sprintf(format, a...)})
	}
	if _, err := kerbside.ParseAudience(t.Audience); err != nil {
		bad(t.Lines["audience"], "it names an audience that there is not")
	}
	for _, k := range t.MustHold {
		if !slices.Contains(holdable, k) {
			bad(t.Lines["must_hold"], "must_hold has the unknown word %q; choose of %s", k, strings.Join(holdable, ", "))
		}
	}
	if strings.Contains(t.Body, markOpen) || strings.Contains(t.Body, markClose) {
		bad(t.BodyLine, "it holds private-use characters")
		return nil, c.faults
	}
	tree, err := template.New(t.Name).Option("missingkey=error").Funcs(functions).Parse(t.Body)
	if err != nil {
		line, what := where(t, err)
		bad(line, "%s", what)
		return nil, c.faults
	}
	c.tree = tree
	used := map[string]int{} // field -> line of its first use
	for _, part := range tree.Templates() {
		c.walk(part.Root, used)
	}
	for _, name := range slices.Sorted(maps.Keys(used)) {
		if !reachable()[name] {
			bad(used[name], "there is no .%s", name)
		}
	}
	for _, f := range t.Required {
		if used[f] == 0 {
			bad(t.Lines["required"], "it does not use .%s, which its front matter requires", f)
		}
	}
	for _, f := range t.Forbidden {
		if used[f] != 0 {
			bad(used[f], "it uses .%s, which its front matter forbids", f)
		}
	}
	if len(c.faults) > 0 {
		return nil, c.faults
	}
	c.sorted = used["Affirmed"] != 0 || used["Negated"] != 0
	for _, own := range append(slices.Clone(c.literals), values(phrases)...) {
		for _, w := range tokens(own) {
			c.own[w] = true
		}
	}
	return c, nil
}

var holdable = []string{"risks", "negations", "strengths", "actions", "child_voice", "injuries", "critical", "significant"}

// where gives the line of the file that an error of package text/template is about, and what it says.
func where(t prompts.Template, err error) (line int, what string) {
	rest, ok := strings.CutPrefix(err.Error(), "template: "+t.Name+":")
	if !ok {
		return t.BodyLine, err.Error()
	}
	n, rest, _ := strings.Cut(rest, ":")
	at, convErr := strconv.Atoi(n)
	if convErr != nil {
		return t.BodyLine, err.Error()
	}
	if column, after, ok := strings.Cut(rest, ": "); ok && strings.Trim(column, "0123456789") == "" {
		rest = after
	}
	return t.BodyLine + at - 1, strings.TrimSpace(rest)
}

// reachable are the names that a template can use behind a dot.
func reachable() map[string]bool {
	names := map[string]bool{}
	for _, v := range []any{&page{}, &visit{}, &crowd{}, entries{}, &entry{}, &phrase{}, &fact{}, &child{}, &hearsay{}} {
		t := reflect.TypeOf(v)
		for i := range t.NumMethod() {
			names[t.Method(i).Name] = true
		}
		if t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct {
			for i := range t.Elem().NumField() {
				if f := t.Elem().Field(i); f.IsExported() {
					names[f.Name] = true
				}
			}
		}
	}
	delete(names, "Format")
	delete(names, "String")
	return names
}

// Check gives the faults of all templates and phrases of a set: none when New takes it.
func Check(set *prompts.Set) []prompts.Fault {
	faults := checkPhrases(set)
	for _, t := range set.List() {
		c, wrong := compile(t, set.Phrases())
		if len(wrong) == 0 {
			wrong = c.tryEmpty(set)
		}
		faults = append(faults, wrong...)
	}
	return faults
}

// tryEmpty runs a template on a record that holds nothing.
func (c *compiled) tryEmpty(set *prompts.Set) []prompts.Fault {
	rules, err := DefaultRules()
	if err == nil {
		d := &Drafter{rules: rules, phrases: set.Phrases(), templates: map[kerbside.Audience]*compiled{kerbside.Audience(c.Audience): c}}
		_, err = d.Draft(context.Background(), &kerbside.Record{}, nil, kerbside.DraftOptions{Audience: kerbside.Audience(c.Audience)})
	}
	if err == nil {
		return nil
	}
	line, what := where(c.Template, errors.Unwrap(err))
	return []prompts.Fault{{File: cmp.Or(c.File, c.Name+".tmpl"), Line: line, Text: what}}
}

// checkPhrases reports a council's phrases that could turn what was said round: with a "no" or a doubt that the built-in phrase does not have, or
// without the word that says that somebody said it.
func checkPhrases(set *prompts.Set) []prompts.Fault {
	var faults []prompts.Fault
	phrases := set.Phrases()
	for _, key := range slices.Sorted(maps.Keys(phrases)) {
		own, builtin := tokens(phrases[key]), tokens(set.BuiltinPhrase(key))
		if phrases[key] == set.BuiltinPhrase(key) {
			continue
		}
		for _, c := range []struct {
			what string
			is   func(string) bool
		}{{"says no", negates}, {"says who said so", reporting.has}, {"shows doubt", doubts.has}} {
			if (count(own, c.is) > 0) != (count(builtin, c.is) > 0) {
				faults = append(faults, prompts.Fault{File: "phrases.txt", Text: fmt.Sprintf("%s: it must be like the built-in phrase in whether it %s", key, c.what)})
				break
			}
		}
	}
	return faults
}

func values(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for _, v := range m {
		out = append(out, strings.NewReplacer("{who}", " ", "{words}", " ", "{date}", " ", "{what}", " ").Replace(v))
	}
	return out
}

// walk collects the literal words and the names of the fields that a template uses, and looks at the words that it puts round values.
func (c *compiled) walk(n parse.Node, used map[string]int) {
	branch := func(b *parse.BranchNode) {
		c.walk(b.Pipe, used)
		c.walk(b.List, used)
		if b.ElseList != nil {
			c.walk(b.ElseList, used)
		}
	}
	names := func(ident []string) {
		for _, i := range ident {
			if used[i] == 0 {
				used[i] = c.line(n)
			}
		}
	}
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, x := range n.Nodes {
				c.walk(x, used)
			}
		}
	case *parse.TextNode:
		c.literals = append(c.literals, string(n.Text))
	case *parse.StringNode:
		c.literals = append(c.literals, strings.ReplaceAll(n.Text, "%s", " "))
		c.literals = append(c.literals, n.Text)
	case *parse.ActionNode:
		c.walk(n.Pipe, used)
	case *parse.PipeNode:
		if n != nil {
			for _, cmd := range n.Cmds {
				c.command(cmd)
				for _, a := range cmd.Args {
					c.walk(a, used)
				}
			}
		}
	case *parse.TemplateNode:
		c.walk(n.Pipe, used)
	case *parse.FieldNode:
		names(n.Ident)
	case *parse.ChainNode:
		names(n.Field)
		c.walk(n.Node, used)
	case *parse.VariableNode:
		names(n.Ident[1:])
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		outer := c.dot
		c.dot = lastField(n.Pipe)
		branch(&n.BranchNode)
		c.dot = outer
	}
}

func (c *compiled) line(n parse.Node) int {
	return c.BodyLine + strings.Count(c.Body[:min(int(n.Position()), len(c.Body))], "\n")
}

func lastField(n parse.Node) string {
	s := n.String()
	return s[strings.LastIndexByte(s, '.')+1:]
}

// command looks at the words that say and choose put round a value.
func (c *compiled) command(cmd *parse.CommandNode) {
	name, ok := cmd.Args[0].(*parse.IdentifierNode)
	if !ok {
		return
	}
	bad := func(n parse.Node, format string, a ...any) {
		c.faults = append(c.faults, prompts.Fault{File: cmp.Or(c.File, c.Name+".tmpl"), Line: c.line(n), Text: fmt.Sprintf(format, a...)})
	}
	switch name.Ident {
	case "say":
		if len(cmd.Args) < 2 {
			return
		}
		words, ok := cmd.Args[1].(*parse.StringNode)
		if !ok {
			bad(cmd, "say needs its words as they are, between quotation marks")
			return
		}
		about := c.dot
		if len(cmd.Args) > 2 {
			if _, dot := cmd.Args[2].(*parse.DotNode); !dot {
				about = lastField(cmd.Args[2])
			}
		}
		if count(tokens(words.Text), negates) > 0 && about != "Absent" {
			bad(words, "the words of say must not say no: the record says that it is so")
		}
		if doubts.any(tokens(words.Text)) {
			bad(words, "the words of say must not show doubt: the record shows its own")
		}
	case "choose":
		for i := 2; i+1 < len(cmd.Args); i += 2 {
			value, ok := cmd.Args[i].(*parse.StringNode)
			words, ok2 := cmd.Args[i+1].(*parse.StringNode)
			if !ok || !ok2 {
				bad(cmd, "choose needs its values and words as they are, between quotation marks")
				return
			}
			if why := saysValue(value.Text, words.Text); why != "" {
				bad(words, "the words for %q %s", value.Text, why)
			}
		}
	}
}

// meant are words of which one must stand in what a template says for a value.
var meant = map[string][]string{
	"phone": {"phone", "telephone", "rang", "call"}, "video": {"video", "screen", "online"}, "meeting": {"meeting", "met"}, "in_person": {"person", "visit", "home", "face"},
	kerbside.OutcomeNoAccess: {"access", "nobody", "get in", "no answer"}, kerbside.OutcomeRefused: {"refus", "turned away"}, kerbside.OutcomeCancelled: {"cancel", "called off", "postponed"}, kerbside.OutcomeCompleted: {"complete", "took place", "went ahead"},
	kerbside.VisitChildProtection: {"child protection"}, kerbside.VisitChildInNeed: {"child in need", "children in need"}, kerbside.VisitLookedAfter: {"looked-after", "looked after"}, kerbside.VisitAssessment: {"assess"},
	kerbside.NotStated: {"not stated", "not said", "not known", "not recorded", "unknown"},
}

// saysValue says why words do not do for a value of a fact; "" when they do.
func saysValue(value, words string) string {
	if strings.TrimSpace(words) == "" {
		return ""
	}
	t := tokens(words)
	denies := count(t, negates) > 0
	switch {
	case value == kerbside.Yes && denies:
		return "say no"
	case value == kerbside.No && !denies:
		return "do not say no"
	case meant[value] != nil && !slices.ContainsFunc(meant[value], func(m string) bool { return strings.Contains(fold(words), m) }):
		return "do not say so; use one of: " + strings.Join(meant[value], ", ")
	case meant[value] == nil && value != kerbside.Yes && value != kerbside.No && value != kerbside.VisitOther:
		return "are for a value that there is not"
	case value != kerbside.NotStated && value != kerbside.No && value != kerbside.OutcomeNoAccess && denies:
		return "say no"
	}
	return ""
}

// holds reports whether text is words of the template itself.
func (c *compiled) holds(text string) bool {
	return slices.ContainsFunc(c.literals, func(l string) bool { return strings.Contains(l, text) })
}
