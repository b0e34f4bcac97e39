package web

import (
	"kerbside"
	"kerbside/service"
)

// menuEntry is one entry of the menu of administration, which stands above each of its pages.
type menuEntry struct {
	Name, Href, Hint string
	Use              service.Use
	Current          bool
}

// menu is in its order. What a person's role does not reach is left out.
func menu() []menuEntry {
	return []menuEntry{
		{Name: "People", Href: "/people", Use: service.UsePeople, Hint: "who works here, roles, teams, sign-in links"},
		{Name: "Cases", Href: "/cases", Use: service.UseImport, Hint: "import cases and their people from a file"},
		{Name: "Policies", Href: "/policies", Use: service.UsePolicies, Hint: "how long things are kept, what is approved twice, receipts of what was deleted"},
		{Name: "Terms", Href: "/admin/terms", Use: service.UseLexicon, Hint: "names and words that Kerbside should know how to spell"},
		{Name: "Templates", Href: "/admin/templates", Use: service.UseLookAfter, Hint: "what the drafts look like, and whether their files are sound"},
		{Name: "Models", Href: "/admin/models", Use: service.UseLookAfter, Hint: "the weights that recordings are transcribed with, and their checksums"},
		{Name: "Language model", Href: "/admin/language-model", Use: service.UseLookAfter, Hint: "whether one is used, and whether it answers"},
		{Name: "Audit", Href: "/admin/audit", Use: service.UseLookAfter, Hint: "who did what, and the proof that nobody changed it"},
		{Name: "Health", Href: "/admin/health", Use: service.UseLookAfter, Hint: "room on the disk, work that waits, work that gave up"},
	}
}

// menuFor is the menu of a person; nothing when there is not more than one page for them.
func menuFor(u kerbside.User, current string) []menuEntry {
	var out []menuEntry
	for _, e := range menu() {
		if service.May(u, e.Use) && (u.Role == kerbside.RoleAdmin || e.Use != service.UseImport) {
			e.Current = e.Href == current
			out = append(out, e)
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}
