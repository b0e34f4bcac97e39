package extract

import "kerbside"

// withAccepted is an engine's proposal with what people accepted of a language model's. Where both speak of the same words of one kind the engine's
// reading stands; a fact of the visit is taken where the engine read none, a person where it found nobody of the name or role.
func withAccepted(proposal, accepted *kerbside.Record, sources []*kerbside.Source) *kerbside.Record {
	if proposal == nil {
		proposal = &kerbside.Record{}
	}
	p := *proposal
	b := newBeside(proposal, sources, false)
	for _, a := range accepted.Attendees {
		if b.look(a.Name, a.Role) == nil && !b.several(a) {
			p.Attendees = append(p.Attendees[:len(p.Attendees):len(p.Attendees)], a)
		}
	}
	p.Risks = joined(b, proposal.Risks, accepted.Risks, func(x *kerbside.Risk) (kerbside.List[kerbside.Evidence], *string) { return x.Evidence, &x.Standing })
	p.Strengths = joined(b, proposal.Strengths, accepted.Strengths, func(x *kerbside.Strength) (kerbside.List[kerbside.Evidence], *string) { return x.Evidence, &x.Standing })
	p.Actions = joined(b, proposal.Actions, accepted.Actions, func(x *kerbside.Action) (kerbside.List[kerbside.Evidence], *string) { return x.Evidence, &x.Standing })
	p.ChildVoice = joined(b, proposal.ChildVoice, accepted.ChildVoice, func(x *kerbside.ChildVoice) (kerbside.List[kerbside.Evidence], *string) {
		return x.Evidence, &x.Standing
	})
	v, w := &p.Visit, &accepted.Visit
	for _, f := range [][2]*kerbside.Fact{{&v.Date, &w.Date}, {&v.Time, &w.Time}, {&v.Type, &w.Type}, {&v.Place, &w.Place}, {&v.Announced, &w.Announced},
		{&v.NextVisit, &w.NextVisit}, {&v.Mode, &w.Mode}, {&v.Outcome, &w.Outcome}} {
		if !stated(f[0].Value) && stated(f[1].Value) {
			*f[0] = *f[1]
		}
	}
	return &p
}

func joined[T any](b *beside, ours, accepted kerbside.List[T], of func(*T) (kerbside.List[kerbside.Evidence], *string)) kerbside.List[T] {
	var taken []stretch
	for i := range ours {
		if e, _ := of(&ours[i]); len(e) > 0 {
			if at, ok := b.stretch(e[0]); ok {
				taken = append(taken, at)
			}
		}
	}
	out := ours[:len(ours):len(ours)]
next:
	for i := range accepted {
		x := accepted[i]
		e, standing := of(&x)
		if len(e) == 0 {
			continue
		}
		here, ok := b.stretch(e[0])
		if !ok {
			continue
		}
		for _, there := range taken {
			if here.same(there) {
				continue next
			}
		}
		*standing = kerbside.Accepted
		out = append(out, x)
	}
	return out
}
