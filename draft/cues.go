package draft

import "strings"

// What a supervisor listens for. A sentence that holds one of the cues is shown as it was said; the cues decide only where it stands.
var (
	decisionCues = split("strategy meeting", "strategy discussion", "legal advice", "legal planning", "threshold", "family group conference", "step down", "step up", "escalate", "section 47", "section forty-seven", "s47",
		"initial conference", "review conference", "conference brought forward", "need to decide", "need a decision", "decision", "need a steer", "like a steer", "steer from", "to supervision", "in supervision",
		"talk to my manager", "speak to my manager", "discuss with my manager", "ask my manager", "with the manager", "panel", "placement move", "need agreement", "need sign-off", "need approval", "funding", "we may need", "we might need", "we'll need", "we might want")
	doubtCues = split("i'm not sure", "i am not sure", "i don't know", "i do not know", "i can't be certain", "i couldn't tell", "not clear to me", "i'm unclear", "i am unclear", "i can't say", "i cannot say", "i couldn't say", "i'm in two minds", "i am in two minds",
		"want to know more", "i'm not convinced", "i'm not persuaded", "not sure what to make", "i wonder", "i need to check", "need to find out", "i didn't get to", "i forgot to ask", "i should have asked", "i didn't ask", "i did not ask")
	driftCues = split("still waiting", "still not", "still hasn't", "still haven't", "not been done", "hasn't happened", "haven't done", "no further forward", "third time", "overdue", "slipped", "chased", "cancelled again", "missed again", "not started", "waiting list",
		"drifting", "drift", "on us", "never happened", "since the last conference")
	stateCues = split("i'm tired", "i am tired", "i'm exhausted", "i'm struggling", "i am struggling", "i found that hard", "i found it hard", "found that difficult", "upset me", "shook me", "shaken", "i'm worn out", "i felt unsafe", "i didn't feel safe", "i felt threatened",
		"my caseload", "out of my depth", "i'm stretched", "it got to me", "that got to me", "i could do with")
)

// disputes are the words of somebody who sees a thing otherwise, sees those of something seen or heard on the day.
var (
	disputes = set("denied", "denies", "deny", "disputes", "disputed", "disagrees", "disagreed", "disagree", "untrue", "lie", "lies", "wrong")
	sees     = set("saw", "see", "hear", "smell", "could", "seen", "watched", "noticed", "heard", "smelt", "smelled", "looked", "observed", "was", "were", "wasn't", "weren't", "appeared", "had", "hadn't", "didn't", "did",
		"ran", "came", "took", "went", "gave", "sat", "stood", "got", "put", "held", "ate", "slept", "cried", "hid", "fell", "brought", "made", "kept", "left", "spoke", "met", "shook", "lay", "woke", "wore", "threw", "broke")
)

func split(cues ...string) [][]string {
	out := make([][]string, len(cues))
	for i, c := range cues {
		out[i] = strings.Fields(c)
	}
	return out
}
