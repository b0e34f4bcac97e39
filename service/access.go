package service

import (
	"slices"

	"kerbside"
)

// Use is something that a person can do here.
type Use string

// The uses. Each route of the web is one of them; docs/access.md shows the table.
const (
	UsePublic  Use = "public"  // what needs no sign-in
	UseSelf    Use = "self"    // one's own account, sessions, tokens
	UseMe      Use = "me"      // who one is
	UseList    Use = "list"    // lists of visits that one may read
	UseRecord  Use = "record"  // recordings, uploads, notes of one's own
	UseRead    Use = "read"    // a visit with its transcript, record, drafts, history
	UsePlay    Use = "play"    // the sound
	UseExport  Use = "export"  // take away
	UseEdit    Use = "edit"    // correct, note, answer, try again
	UseApprove Use = "approve" // the worker's word
	UseReview  Use = "review"  // the second person's word
	UseCases   Use = "cases"   // see the cases
	UseImport  Use = "import"  // take files of cases in
	UsePeople  Use = "people"  // see and invite people, make links
	UseStaff   Use = "staff"   // change people and teams, end sessions
)

// Reach is how far a use goes for a role.
type Reach string

// The reaches, each more than the one before. What is of another organisation is never reached.
const (
	ReachNone Reach = ""
	ReachOwn  Reach = "own"  // what is one's own
	ReachTeam Reach = "team" // and of the people of one's team
	ReachOrg  Reach = "org"  // and of everybody in the organisation
)

// Rule is one line of the table of access.
type Rule struct {
	Use   Use
	What  string         // for people
	Scope kerbside.Scope // what a program's token must have been made for; "": only a person, signed in
	Reach map[kerbside.Role]Reach
}

// Rules are the table of access: nothing else decides who may do what. A visit of a restricted case is reached by the people named for it only, whatever
// stands here.
func Rules() []Rule {
	rule := func(u Use, what string, scope kerbside.Scope, worker, reviewer, manager, support, admin Reach) Rule {
		return Rule{u, what, scope, map[kerbside.Role]Reach{
			kerbside.RoleWorker: worker, kerbside.RoleReviewer: reviewer, kerbside.RoleManager: manager, kerbside.RoleSupport: support, kerbside.RoleAdmin: admin,
		}}
	}
	const none, own, team, org = ReachNone, ReachOwn, ReachTeam, ReachOrg
	return []Rule{
		//                                                                                          worker reviewer manager support admin
		rule(UsePublic, "sign in; what the pages are made of; health", "", org, org, org, org, org),
		rule(UseSelf, "own account: password, passkeys, sessions, tokens", "", own, own, own, own, own),
		rule(UseMe, "who one is", kerbside.ScopeRead, own, own, own, own, own),
		rule(UseList, "lists of visits, of those that one may read", kerbside.ScopeRead, own, team, team, own, none),
		rule(UseRecord, "record, upload, note", kerbside.ScopeUpload, own, own, own, own, none),
		rule(UseRead, "read a visit: transcript, record, drafts, history", kerbside.ScopeRead, own, team, team, own, none),
		rule(UsePlay, "listen to the sound", kerbside.ScopeExport, own, team, team, own, none),
		rule(UseExport, "take drafts away", kerbside.ScopeExport, own, team, team, own, none),
		rule(UseEdit, "correct, answer, add, try again", kerbside.ScopeEdit, own, own, own, own, none),
		rule(UseApprove, "approve", "", own, own, own, none, none),
		rule(UseReview, "review or return, but never what one recorded or approved", "", none, team, team, none, none),
		rule(UseCases, "see the cases, restricted ones apart", kerbside.ScopeRead, org, org, org, org, none),
		rule(UseImport, "import cases", kerbside.ScopeUpload, none, none, org, org, org),
		rule(UsePeople, "see and invite people, make sign-in links", "", none, none, team, none, org),
		rule(UseStaff, "change people and teams, end sessions", "", none, none, none, none, org),
	}
}

func ruleOf(u Use) Rule {
	rules := Rules()
	if i := slices.IndexFunc(rules, func(r Rule) bool { return r.Use == u }); i >= 0 {
		return rules[i]
	}
	return Rule{Use: u} // reaches nothing
}

// ScopeOf is what a program's token must have been made for; "" when only a person may.
func ScopeOf(u Use) kerbside.Scope { return ruleOf(u).Scope }

// reachOf is how far a person gets with a use.
func reachOf(by kerbside.User, u Use) Reach { return ruleOf(u).Reach[by.Role] }

// reaches reports whether a reach covers what is of owner.
func (r Reach) reaches(by, owner kerbside.User) bool {
	switch {
	case by.Org != owner.Org || by.Org == "":
		return false
	case r == ReachOrg:
		return true
	case by.ID == owner.ID:
		return r != ReachNone
	}
	return r == ReachTeam && by.Team == owner.Team
}
