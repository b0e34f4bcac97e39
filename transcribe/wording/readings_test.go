package wording

import (
	"strings"
	"testing"
)

func TestReadings(t *testing.T) {
	tables := load(t)
	for _, c := range []struct{ said, date, want string }{
		{"on Tuesday the third of March at four o'clock.", "", "Tuesday the third of March=date --03-03; four o'clock.=time 04:00|16:00"},
		{"on Tuesday the third of March at four o'clock.", "2026-03-05", "Tuesday the third of March=date 2026-03-03; four o'clock.=time 04:00|16:00"},
		{"on Wednesday the third of March", "2026-03-05", "Wednesday the third of March=date --03-03"},
		{"his birthday is the third of December", "2026-03-05", "third of December=date --12-03"},
		{"born on the 3rd of March 2019, at home", "", "3rd of March 2019,=date 2019-03-03"},
		{"March the twenty-first twenty twenty-six", "", "March the twenty-first twenty twenty-six=date 2026-03-21"},
		{"since April 2024 and in nineteen eighty", "", "April 2024=date 2024-04; nineteen eighty=date 1980"},
		{"the first of June two thousand and nine", "", "first of June two thousand and nine=date 2009-06-01"},
		{"on 03/04/2026 or 3/4/26", "", "03/04/2026=date 2026-04-03; 3/4/26=date 1926-04-03|2026-04-03"},
		{"on 3/4/58", "2026-03-05", "3/4/58=date 1958-04-03"},
		{"the 31st of February and 30/02/2026", "", ""},
		{"he may three times march on Friday", "2026-03-05", "three=number 3"},
		{"yesterday, today and tomorrow", "2026-03-01", "yesterday,=date 2026-02-28; today=date 2026-03-01; tomorrow=date 2026-03-02"},
		{"yesterday, today and tomorrow", "", ""},
		{"half past four in the afternoon, half four, quarter to eight, ten past three this morning", "",
			"half past four in the afternoon,=time 16:30; half four,=time 04:30|16:30; quarter to eight,=time 07:45|19:45; ten past three this morning=time 03:10"},
		{"at 16:30, 4.30pm, at 9.30 and 4 pm", "", "16:30,=time 16:30; 4.30pm,=time 16:30; 9.30=time 09:30|21:30; 4 pm=time 16:00"},
		{"he scored 9.30 points", "", "9.30=number 9.30"},
		{"at four thirty and by twelve fifteen p.m. I left", "", "four thirty=time 04:30|16:30; twelve fifteen p.m.=time 12:15"},
		{"at ten to four, from two to three weeks, about five to ten minutes", "",
			"ten to four,=time 03:50|15:50; two=number 2; three weeks,=duration P3W; five=number 5; ten minutes=duration PT10M"},
		{"midnight or midday", "", "midnight=time 00:00; midday=time 12:00"},
		{"nine years old, a nine-year-old, aged four, six weeks old, nine and a half years old", "",
			"nine years old,=age P9Y; nine-year-old,=age P9Y; aged four,=age P4Y; six weeks old,=age P6W; nine and a half years old=age P9Y6M"},
		{"forty minutes, half an hour, an hour and a half, two and a half hours, a fortnight, twice a week", "",
			"forty minutes,=duration PT40M; half an hour,=duration PT30M; an hour and a half,=duration PT1H30M; two and a half hours,=duration PT2H30M; a fortnight,=duration P2W"},
		{"£1,200, twenty pounds, four pounds fifty, 50p and fifty pence", "", "£1,200,=money GBP 1200; twenty pounds,=money GBP 20; four pounds fifty,=money GBP 4.50; 50p=money GBP 0.50; fifty pence=money GBP 0.50"},
		{"ninety-six percent, 96%, ninety six per cent", "", "ninety-six percent,=number 96%; 96%,=number 96%; ninety six per cent=number 96%"},
		{"a hundred and five, two thousand three hundred and twenty, 1,500, three point five", "",
			"a hundred and five,=number 105; two thousand three hundred and twenty,=number 2320; 1,500,=number 1500; three point five=number 3.5"},
		{"one of them has one hundred and one", "", "one hundred and one=number 101"},
		{"ring oh seven seven double nine one", "", ""},
		{"two, three. Four", "", "two,=number 2; three.=number 3; Four=number 4"},
		{"seven out of ten", "", "seven=number 7; ten=number 10"},
		{"it is March", "", ""},
	} {
		tr := apply(t, tables, c.said, Options{Date: c.date})
		var got []string
		for _, r := range tr.Readings {
			first, last := -1, -1
			for i, w := range tr.Words {
				if w.ID == r.FirstWord {
					first = i
				}
				if w.ID == r.LastWord {
					last = i
				}
			}
			got = append(got, textOf(tr.Words[first:last+1])+"="+string(r.Kind)+" "+r.Value)
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.said, strings.Join(got, "; "), c.want)
		}
		if tr.Text != c.said {
			t.Errorf("words changed: %q", tr.Text)
		}
	}
}

func TestSameNumber(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"nine", "9", true}, {"twenty first", "21st.", true}, {"a hundred and five", "105", true}, {"17", "the seventeenth of", true}, {"Third", "3rd", true},
		{"seven", "17", false}, {"one", "won", false}, {"3.5", "3", false}, {"", "", false}, {"the", "of", false}, {"nine and", "9", false},
	} {
		if got := SameNumber(c.a, c.b); got != c.want || SameNumber(c.b, c.a) != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}
