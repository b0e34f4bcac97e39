package service

import (
	"slices"

	"kerbside"
)

// Use is something that a person can do here.
type Use string

// The uses. Each route of the web is one of them; docs/access.md shows the table.
const (
	UsePublic    Use = "public"    // what needs no sign-in
	UseSelf      Use = "self"      // one's own account, sessions, tokens
	UseMe        Use = "me"        // who one is
	UseList      Use = "list"      // lists of visits that one may read
	UseRecord    Use = "record"    // recordings, uploads, notes of one's own
	UseRead      Use = "read"      // a visit with its transcript, record, drafts, history
	UsePlay      Use = "play"      // the sound
	UseHear      Use = "hear"      // report what was played
	UseExport    Use = "export"    // take away
	UseEdit      Use = "edit"      // correct, note, answer, try again
	UseApprove   Use = "approve"   // the worker's word
	UseRetry     Use = "retry"     // have a stage that gave up tried again
	UseReview    Use = "review"    // the second person's word
	UseOversee   Use = "oversee"   // a manager's entries about a visit
	UseReassign  Use = "reassign"  // another worker, cover
	UseRestrict  Use = "restrict"  // name the people who alone know of a case
	UseCaseWork  Use = "case-work" // what was said over the visits of a case
	UseTick      Use = "tick"      // say that an action was done
	UseAlerts    Use = "alerts"    // see and take alerts
	UseOverview  Use = "overview"  // figures of a team
	UseCasesPage Use = "cases-page"
	UseToken     Use = "token"
	UseCases     Use = "cases"      // see the cases
	UseImport    Use = "import"     // take files of cases in
	UsePeople    Use = "people"     // see and invite people, make links
	UseStaff     Use = "staff"      // change people and teams, end sessions
	UseTerms     Use = "terms"      // a case's names and terms
	UseLexicon   Use = "lexicon"    // the organisation's
	UseLookAfter Use = "look-after" // templates, models, the audit log, health

	UsePolicies Use = "policies" // what is kept for how long, what is approved twice, receipts
	UseKept     Use = "kept"     // see what is kept for how long, what goes next, receipts
	UseHold     Use = "hold"     // legal holds
	UseHolds    Use = "holds"    // see them
	UseErase    Use = "erase"    // delete by hand; keep what consent was withdrawn for
	UseConsent  Use = "consent"  // who agreed to be recorded
	UseSubject  Use = "subject"  // what is held about a person, for that person
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
		rule(UseSelf, "own account: password, passkeys, sessions", "", own, own, own, own, own),
		rule(UseToken, "make tokens for programs", "", own, own, own, own, own),
		rule(UseMe, "who one is", kerbside.ScopeRead, own, own, own, own, own),
		rule(UseList, "lists of visits, of those that one may read", kerbside.ScopeRead, own, team, team, own, none),
		rule(UseRecord, "record, upload, note", kerbside.ScopeUpload, own, own, own, own, none),
		rule(UseRead, "read a visit: transcript, record, drafts, history", kerbside.ScopeRead, own, team, team, own, none),
		rule(UsePlay, "listen to the sound", kerbside.ScopeExport, own, team, team, own, none),
		rule(UseHear, "report what one's browser has played", "", own, team, team, own, none),
		rule(UseExport, "take drafts away", kerbside.ScopeExport, own, team, team, own, none),
		rule(UseRetry, "have a stage that gave up tried again", kerbside.ScopeEdit, own, team, team, own, none),
		rule(UseEdit, "correct, answer, add, release and include", kerbside.ScopeEdit, own, own, own, own, none),
		rule(UseApprove, "approve", "", own, own, own, none, none),
		rule(UseReview, "review or return, but never what one recorded or approved", "", none, team, team, none, none),
		rule(UseOversee, "oversight entries: decision and rationale", "", none, none, team, none, none),
		rule(UseReassign, "give a visit to another worker, arrange cover", "", none, none, team, none, none),
		rule(UseRestrict, "name the people who alone know of a case", "", none, none, team, none, none),
		rule(UseCases, "see cases; those without a worker are everybody's", kerbside.ScopeRead, own, team, team, org, none),
		rule(UseCaseWork, "a case's brief, chronology and who is named in it, of the visits that one may read", "", own, team, team, none, none),
		rule(UseTick, "tick an action off as done, or take that back", "", own, own, team, none, none),
		rule(UseAlerts, "see alerts about one's own cases and visits, or the team's, and say that one looks after them", "", own, own, team, none, none),
		rule(UseOverview, "figures of the team by month; no person is named", "", none, none, team, none, none),
		rule(UseCasesPage, "open the page of cases, which shows an administrator none", "", own, team, team, org, org),
		rule(UseTerms, "see, add and retire a case's names and terms", "", own, team, team, org, none),
		rule(UseLexicon, "see, add and retire the organisation's terms", "", none, none, org, none, org),
		rule(UseImport, "import cases", kerbside.ScopeUpload, none, none, org, org, org),
		rule(UsePeople, "see and invite people, make sign-in links", "", none, none, team, none, org),
		rule(UseStaff, "change people and teams, end sessions", "", none, none, none, none, org),
		rule(UseLookAfter, "templates, models, the test of a language model, the audit log, health; nothing of any visit", "", none, none, none, none, org),
		rule(UseConsent, "note who agreed to be recorded or took it back; delete what was recorded then", "", own, own, team, own, none),
		rule(UseErase, "delete by hand, keep what consent was withdrawn for", "", none, none, team, none, none),
		rule(UseHold, "place and end legal holds", "", none, none, team, none, none),
		rule(UseHolds, "see the legal holds on a case", kerbside.ScopeRead, none, team, team, none, none),
		rule(UseSubject, "prepare and check what a person may have of what is held about them", "", none, team, team, none, none),
		rule(UsePolicies, "set what is kept for how long and what is approved twice; delete what is due now", "", none, none, none, none, org),
		rule(UseKept, "see what is kept for how long, what goes next, receipts", kerbside.ScopeRead, none, none, none, none, org),
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

// May reports whether a use is anything to a person's role: what to offer on a page.
func May(by kerbside.User, u Use) bool { return reachOf(by, u) != ReachNone }

// ground is what decides whether a person reaches something: who is who, who covers whom, what is restricted. It is read anew in each transaction.
type ground struct {
	by           kerbside.User
	users        map[kerbside.UserID]kerbside.User
	covered      map[kerbside.UserID]bool // whose work by does at the moment
	restrictions map[kerbside.CaseID][]kerbside.UserID
	reach        map[Use]Reach // of by, as far as it was asked for: the table is not gone through for each of thousands of visits
}

func (s *Service) groundOf(tx kerbside.Tx, by kerbside.User) (g ground, err error) {
	g = ground{by: by, users: map[kerbside.UserID]kerbside.User{}, covered: map[kerbside.UserID]bool{}, reach: map[Use]Reach{}}
	people, err := tx.Users(by.Org)
	if err != nil {
		return g, err
	}
	for _, u := range people {
		g.users[u.ID] = u
	}
	covers, err := tx.Covers(by.Org)
	if err != nil {
		return g, err
	}
	for _, c := range covers {
		if c.By == by.ID && c.Holds(s.now()) {
			g.covered[c.Of] = true
		}
	}
	g.restrictions, err = tx.Restrictions(by.Org)
	return g, err
}

// own reports whether what is of owner counts as the person's own.
func (g ground) own(owner kerbside.UserID) bool { return owner == g.by.ID || g.covered[owner] }

// reaches reports whether a reach covers what is of owner.
func (g ground) reaches(r Reach, owner kerbside.UserID) bool {
	u, known := g.users[owner]
	switch {
	case !known: // of another organisation
		return false
	case r == ReachOrg:
		return true
	case g.own(owner):
		return r != ReachNone
	}
	return r == ReachTeam && u.Team == g.by.Team
}

// named reports whether a case, when it is restricted, is open to the person.
func (g ground) named(c kerbside.CaseID) bool {
	named, restricted := g.restrictions[c]
	return !restricted || slices.Contains(named, g.by.ID)
}

// visit reports whether the person may put a visit to a use.
func (g ground) visit(u Use, v kerbside.Visit) bool {
	r, known := g.reach[u]
	if !known {
		r = reachOf(g.by, u)
		if g.reach != nil {
			g.reach[u] = r
		}
	}
	return g.reaches(r, v.Worker) && g.named(v.Case)
}

// owners are the people whose visits a use reaches; nil: everybody's.
func (g ground) owners(u Use) []kerbside.UserID {
	r := reachOf(g.by, u)
	if r == ReachOrg {
		return nil
	}
	out := []kerbside.UserID{}
	for id := range g.users {
		if g.reaches(r, id) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// refusals say why a use is refused to somebody who may read the visit.
var refusals = map[Use]string{
	UseEdit:     "Only the worker of this visit can change it. Return it to them with a comment.",
	UseApprove:  "The worker of this visit approves it, and business support never does.",
	UseReview:   "Only reviewers and managers can review a visit.",
	UseOversee:  "Only managers of the team can do this.",
	UseReassign: "Only managers of the team can do this.",
	UseTick:     "Only the worker of this visit, or the manager of the team, can tick off what came of it.",
	UseHold:     "Only managers of the team can place or end a legal hold.",
	UseHolds:    "Only reviewers and managers of the team see legal holds.",
	UseErase:    "Only managers of the team can decide this.",
	UseConsent:  "Only the worker of this visit or a manager can say this.",
	UseSubject:  "Only reviewers and managers of the team prepare what a person may have.",
}

// permitted gives a visit that the person may put to a use. Whoever may not know of it is told that there is none.
func (s *Service) permitted(tx kerbside.Tx, op string, by kerbside.User, u Use, id kerbside.VisitID) (kerbside.Visit, error) {
	if err := signedIn(op, by); err != nil {
		return kerbside.Visit{}, err
	}
	if reachOf(by, UseRead) == ReachNone {
		return kerbside.Visit{}, forbidden(op, "Administrators do not see what was recorded.")
	}
	g, err := s.groundOf(tx, by)
	if err != nil {
		return kerbside.Visit{}, err
	}
	v, err := tx.Visit(by.Org, id)
	if kerbside.CodeOf(err) == kerbside.CodeNotFound || err == nil && !g.visit(UseRead, v) {
		return kerbside.Visit{}, kerbside.E(kerbside.CodeNotFound, op, "There is no such visit, or it is not one of yours. Go back to the list.", nil)
	}
	if err == nil && !g.visit(u, v) {
		return kerbside.Visit{}, forbidden(op, refusals[u])
	}
	return v, err
}

// readable gives a visit that the person may read.
func (s *Service) readable(tx kerbside.Tx, op string, by kerbside.User, id kerbside.VisitID) (kerbside.Visit, error) {
	return s.permitted(tx, op, by, UseRead, id)
}

// editable gives a visit that the person may change while it is not locked.
func (s *Service) editable(tx kerbside.Tx, op string, by kerbside.User, id kerbside.VisitID) (kerbside.Visit, error) {
	v, err := s.permitted(tx, op, by, UseEdit, id)
	if err == nil && v.State == kerbside.VisitErased {
		err = conflict(op, "What was recorded here was deleted, and the visit is closed. Start another one.")
	}
	if err == nil && v.State == kerbside.VisitLocked {
		err = conflict(op, "This visit has been reviewed and is locked. Add what is new as an addendum: a visit of its own that belongs to this one.")
	}
	return v, err
}

// workable gives a visit that is editable and may be processed: nobody's consent to it waits for a decision. Sound is taken in all the same.
func (s *Service) workable(tx kerbside.Tx, op string, by kerbside.User, id kerbside.VisitID) (kerbside.Visit, error) {
	v, err := s.editable(tx, op, by, id)
	if err == nil {
		err = going(tx, op, v)
	}
	return v, err
}
