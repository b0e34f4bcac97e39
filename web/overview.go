package web

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"kerbside/service"
)

type overviewPage struct {
	layout
	Team    string
	Now     []figurePart
	Charts  []chartPart
	Rows    []overviewRow
	Any     bool
	Capped  bool
	Fewest  int
	HasFew  bool
	Cases   int
	Overdue int
}

type figurePart struct {
	Value, Name string
	Doubt       bool
}

type overviewRow struct {
	Month, Visits, Approved, Median, Slow, Late, Doubts string
}

// chartPart is a picture of one figure by month. Places along it are shares of its width.
type chartPart struct {
	ID      string
	Title   string
	Hint    string
	Columns []chartColumn
	Thin    bool // no month has enough visits to be drawn
}

type chartColumn struct {
	X, Middle  string // of the bar, and of its middle
	Y, Height  int    // of the bar
	Part       int    // height of the part that is marked, from below
	PartY      int
	Mark       int // where a line stands over the bar; 0: none
	Text       string
	TextY      int
	Month      string
	Roomy      bool // the month's name is shown where there is room
	Few, Empty bool
}

const (
	chartTop    = 24
	chartBase   = 164
	fewestShown = 3 // visits of a month: fewer would tell of a person, not of a team
)

func (s *server) overview(w http.ResponseWriter, r *http.Request) error {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	o, err := s.Service.Overview(r.Context(), u)
	if err != nil {
		return err
	}
	s.views.render(w, http.StatusOK, "overview", overviewOf(o, layout{Heading: "Overview", User: &u, Nav: "overview", Modules: []string{"print.js"}}))
	return nil
}

func overviewOf(o *service.Overview, l layout) overviewPage {
	page := overviewPage{layout: l, Team: firstOf(o.Team, "your team"), Capped: o.Capped, Fewest: fewestShown, Now: []figurePart{
		{Value: fmt.Sprintf("%d of %d", o.Overdue, o.Cases), Name: "cases with a visit overdue", Doubt: o.Overdue > 0},
		{Value: strconv.Itoa(o.Actions), Name: "promises overdue", Doubt: o.Actions > 0},
		{Value: strconv.Itoa(o.Open), Name: "records not approved yet"},
	}}
	inDays := false
	for _, m := range o.Months {
		page.Any = page.Any || m.Visits > 0
		page.HasFew = page.HasFew || m.Visits > 0 && m.Visits < fewestShown
		inDays = inDays || m.Approved >= fewestShown && m.Slow > 72*time.Hour
		page.Rows = append(page.Rows, overviewRowOf(m))
	}
	unit, long := time.Hour, "hours"
	if inDays {
		unit, long = 24*time.Hour, "days"
	}
	page.Charts = []chartPart{
		chart("time", "From visit to approved record", "In "+long+": the middle of the month’s visits; the line over a bar is what three quarters stayed under.", o.Months, func(m service.MonthFigures) column {
			return column{n: m.Approved, value: float64(m.Median) / float64(unit), mark: float64(m.Slow) / float64(unit), text: short(float64(m.Median) / float64(unit))}
		}),
		chart("late", "Visits that came late", "Of visits that follow another one of their case: the marked part, and the number, came after more days than the case’s interval.", o.Months, func(m service.MonthFigures) column {
			return column{n: m.Followed, value: float64(m.Followed), part: float64(m.Late), text: strconv.Itoa(m.Late)}
		}),
		chart("doubt", "Words in doubt", "Of 1,000 words spoken, those that a record rests on and that had to be checked.", o.Months, func(m service.MonthFigures) column {
			if m.Words == 0 {
				return column{}
			}
			rate := 1000 * float64(m.Doubts) / float64(m.Words)
			return column{n: m.Visits, value: rate, text: short(rate)}
		}),
	}
	return page
}

func overviewRowOf(m service.MonthFigures) overviewRow {
	month, _ := time.Parse("2006-01", m.Month)
	row := overviewRow{Month: month.Format("January 2006"), Visits: strconv.Itoa(m.Visits), Approved: strconv.Itoa(m.Approved), Median: "-", Slow: "-", Late: "-", Doubts: "-"}
	few := func(n int, text string) string {
		switch {
		case n == 0:
			return "-"
		case n < fewestShown:
			return "few"
		}
		return text
	}
	row.Median, row.Slow = few(m.Approved, duration(m.Median)), few(m.Approved, duration(m.Slow))
	row.Late = few(m.Followed, fmt.Sprintf("%d of %d", m.Late, m.Followed))
	if m.Words > 0 {
		row.Doubts = few(m.Visits, short(1000*float64(m.Doubts)/float64(m.Words)))
	}
	return row
}

func duration(d time.Duration) string {
	switch {
	case d < time.Hour:
		return count(int(d.Minutes()), "minute")
	case d < 72*time.Hour:
		return count(int(d.Hours()+0.5), "hour")
	}
	return count(int(d.Hours()/24+0.5), "day")
}

// short writes a number as a bar's label has room for it.
func short(x float64) string {
	if x >= 10 || x == float64(int(x)) {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.1f", x)
}

type column struct {
	n                 int // visits that it rests on
	value, part, mark float64
	text              string
}

func chart(id, title, hint string, months []service.MonthFigures, of func(service.MonthFigures) column) chartPart {
	c := chartPart{ID: id, Title: title, Hint: hint, Thin: true}
	most := 0.0
	for _, m := range months {
		if x := of(m); x.n >= fewestShown {
			most = max(most, x.value, x.mark)
			c.Thin = false
		}
	}
	height := func(v float64) int {
		if most == 0 {
			return 0
		}
		return int(v/most*(chartBase-chartTop) + 0.5)
	}
	for i, m := range months {
		x := of(m)
		slot := 100 / float64(len(months))
		month, _ := time.Parse("2006-01", m.Month)
		col := chartColumn{X: percent(float64(i)*slot + slot*0.16), Middle: percent(float64(i)*slot + slot/2), Month: month.Format("Jan"), Roomy: i%2 == 1, Y: chartBase, Empty: x.n == 0, Few: x.n > 0 && x.n < fewestShown, TextY: chartBase - 6}
		if !col.Empty && !col.Few {
			col.Height = max(2, height(x.value))
			col.Y = chartBase - col.Height
			col.Part = height(x.part)
			col.PartY = chartBase - col.Part
			col.Text, col.TextY = x.text, col.Y-6
			if x.mark > x.value {
				col.Mark = chartBase - height(x.mark)
				if col.Y-col.Mark < 20 { // no room between bar and line
					col.TextY = col.Mark - 5
				}
			}
		}
		c.Columns = append(c.Columns, col)
	}
	return c
}
