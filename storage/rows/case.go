package rows

import "kerbside"

func (t *tx) PutCase(c kerbside.Case) error {
	const op = "rows.PutCase"
	err := t.exec(op, `INSERT INTO cases (org, id, reference, name, plan, plan_id, worker, interval_days, due, confidential_address) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (org, id) DO UPDATE SET reference = excluded.reference, name = excluded.name, plan = excluded.plan, plan_id = excluded.plan_id, worker = excluded.worker,
		interval_days = excluded.interval_days, due = excluded.due, confidential_address = excluded.confidential_address`,
		c.Org, c.ID, c.Reference, c.Name, c.Plan, c.PlanID, c.Worker, c.IntervalDays, c.Due, c.ConfidentialAddress)
	if err != nil {
		return err
	}
	if err := t.exec(op, "DELETE FROM case_people WHERE org = ? AND case_id = ?", c.Org, c.ID); err != nil {
		return err
	}
	for i, p := range c.People {
		err := t.exec(op, "INSERT INTO case_people (org, case_id, n, id, name, role, born, parental_responsibility) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			c.Org, c.ID, i, p.ID, p.Name, p.Role, p.Born, p.ParentalResponsibility)
		if err != nil {
			return err
		}
	}
	return nil
}

const caseColumns = "org, id, reference, name, plan, plan_id, worker, interval_days, due, confidential_address"

func scanCase(r row) (c kerbside.Case, err error) {
	err = r.Scan(&c.Org, &c.ID, &c.Reference, &c.Name, &c.Plan, &c.PlanID, &c.Worker, &c.IntervalDays, &c.Due, &c.ConfidentialAddress)
	return c, err
}

func (t *tx) Case(org kerbside.OrganisationID, id kerbside.CaseID) (kerbside.Case, error) {
	c, err := one(t, "rows.Case", scanCase, "SELECT "+caseColumns+" FROM cases WHERE org = ? AND id = ?", org, id)
	if err != nil {
		return c, err
	}
	people, err := t.casePeople("WHERE org = ? AND case_id = ?", org, id)
	c.People = people[id]
	return c, err
}

func (t *tx) Cases(org kerbside.OrganisationID) ([]kerbside.Case, error) {
	cases, err := many(t, "rows.Cases", scanCase, "SELECT "+caseColumns+" FROM cases WHERE org = ? ORDER BY name, id", org)
	if err != nil {
		return nil, err
	}
	people, err := t.casePeople("WHERE org = ?", org)
	for i := range cases {
		cases[i].People = people[cases[i].ID]
	}
	return cases, err
}

func (t *tx) casePeople(where string, args ...any) (map[kerbside.CaseID][]kerbside.Person, error) {
	type inCase struct {
		c kerbside.CaseID
		p kerbside.Person
	}
	rows, err := many(t, "rows.casePeople", func(r row) (x inCase, err error) {
		return x, r.Scan(&x.c, &x.p.ID, &x.p.Name, &x.p.Role, &x.p.Born, &x.p.ParentalResponsibility)
	}, "SELECT case_id, id, name, role, born, parental_responsibility FROM case_people "+where+" ORDER BY case_id, n", args...)
	out := map[kerbside.CaseID][]kerbside.Person{}
	for _, x := range rows {
		out[x.c] = append(out[x.c], x.p)
	}
	return out, err
}
