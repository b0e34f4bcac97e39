package score

import (
	"fmt"
	"strings"
)

var labels = map[string]string{
	"not_affirmed_as_affirmed": "negated or uncertain risk predicted affirmed", "affirmed_as_negated": "affirmed risk predicted negated",
	"false_yes.child_seen": "false yes: child_seen", "false_yes.seen_alone": "false yes: seen_alone", "false_yes.bedroom_seen": "false yes: bedroom_seen",
}

// Table is the report as score.py prints it.
func (r Report) Table() string {
	lines := []string{
		fmt.Sprintf("cases %d, missing or invalid predictions %d", r.Cases, r.Missing), "",
		fmt.Sprintf("%-46s %5s %5s %5s %4s  %6s %6s %6s  %s", "items", "gold", "pred", "match", "opt", "P", "R", "F1", "F1 95 %"),
	}
	for _, name := range groups {
		g, span := r.Groups[name], "n/a"
		if g.Interval != nil {
			span = fmt.Sprintf("[%.3f, %.3f]", g.Interval[0], g.Interval[1])
		}
		lines = append(lines, fmt.Sprintf("%-46s %5d %5d %5d %4d  %6s %6s %6s  %s", name, g.Gold, g.Predicted, g.Matched, g.Ignored, figure(g.Precision), figure(g.Recall), figure(g.F1), span))
	}
	lines = append(lines, "", fmt.Sprintf("%-46s %5s %5s %6s", "accuracy (items: over the matched ones)", "right", "n", "acc"))
	for _, name := range accuracies {
		a := r.Accuracy[name]
		lines = append(lines, fmt.Sprintf("%-46s %5d %5d %6s", name, a.Right, a.N, figure(a.Accuracy)))
	}
	lines = append(lines, "", fmt.Sprintf("%-46s %5s %5s", "safety-critical errors", "count", "n"))
	for _, name := range safeties {
		lines = append(lines, fmt.Sprintf("%-46s %5d %5d", labels[name], r.Safety[name].Count, r.Safety[name].N))
	}
	lines = append(lines, "", fmt.Sprintf("%-46s %5s", "faithfulness", "count"))
	for _, name := range faithfulnesses {
		lines = append(lines, fmt.Sprintf("%-46s %5d", strings.ReplaceAll(name, "_", " "), r.Faithfulness[name]))
	}
	return strings.Join(lines, "\n") + "\n"
}

func figure(x *float64) string {
	if x == nil {
		return "n/a"
	}
	return fmt.Sprintf("%.3f", *x)
}
