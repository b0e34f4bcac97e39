package draft

import (
	"fmt"
	"slices"
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
}

var functions = template.FuncMap{"say": say, "choose": choose}

// compile parses a template and checks that it uses what its front matter requires and nothing that it forbids.
func compile(t prompts.Template, phrases map[string]string) (*compiled, error) {
	bad := func(what string, err error) error {
		return kerbside.E(kerbside.CodeInvalid, "draft.New", fmt.Sprintf("The template %s %s.", t.Name, what), err)
	}
	if _, err := kerbside.ParseAudience(t.Audience); err != nil {
		return nil, bad("names an audience that there is not", err)
	}
	for _, k := range t.MustHold {
		if !slices.Contains([]string{"risks", "negations", "strengths", "actions", "child_voice", "injuries", "critical", "significant"}, k) {
			return nil, bad(fmt.Sprintf("has the unknown word %q under must_hold", k), nil)
		}
	}
	if strings.Contains(t.Body, markOpen) || strings.Contains(t.Body, markClose) {
		return nil, bad("holds private-use characters", nil)
	}
	tree, err := template.New(t.Name).Option("missingkey=error").Funcs(functions).Parse(t.Body)
	if err != nil {
		return nil, bad("cannot be read", err)
	}
	c := &compiled{Template: t, tree: tree, own: wordSet{}}
	used := wordSet{}
	for _, part := range tree.Templates() {
		c.walk(part.Root, used)
	}
	for _, f := range t.Required {
		if !used[f] {
			return nil, bad(fmt.Sprintf("does not use .%s, which its front matter requires", f), nil)
		}
	}
	for _, f := range t.Forbidden {
		if used[f] {
			return nil, bad(fmt.Sprintf("uses .%s, which its front matter forbids", f), nil)
		}
	}
	c.sorted = used["Affirmed"] || used["Negated"]
	for _, own := range append(slices.Clone(c.literals), values(phrases)...) {
		for _, w := range tokens(own) {
			c.own[w] = true
		}
	}
	return c, nil
}

func values(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for _, v := range m {
		out = append(out, strings.NewReplacer("{who}", " ", "{words}", " ", "{date}", " ", "{what}", " ").Replace(v))
	}
	return out
}

// walk collects the literal words and the names of the fields that a template uses.
func (c *compiled) walk(n parse.Node, used wordSet) {
	branch := func(b *parse.BranchNode) {
		c.walk(b.Pipe, used)
		c.walk(b.List, used)
		if b.ElseList != nil {
			c.walk(b.ElseList, used)
		}
	}
	names := func(ident []string) {
		for _, i := range ident {
			used[i] = true
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
		branch(&n.BranchNode)
	}
}

// holds reports whether text is words of the template itself.
func (c *compiled) holds(text string) bool {
	return slices.ContainsFunc(c.literals, func(l string) bool { return strings.Contains(l, text) })
}
