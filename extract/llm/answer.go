package llm

import (
	_ "embed"
	"encoding/json"
	"strings"
)

//go:embed schema.json
var schema []byte

func answerSchema() json.RawMessage { return schema }

// answer is what a model is asked for; schema.json says it in JSON Schema, which an endpoint may or may not hold its model to.
type answer struct {
	Risks      []riskAnswer     `json:"risks"`
	Strengths  []strengthAnswer `json:"strengths"`
	Actions    []actionAnswer   `json:"actions"`
	ChildVoice []voiceAnswer    `json:"child_voice"`
	People     []personAnswer   `json:"people"`
	Visit      []factAnswer     `json:"visit"`
}

type riskAnswer struct {
	Quote       string `json:"quote"`
	Polarity    string `json:"polarity"`
	Temporality string `json:"temporality"`
	Attribution string `json:"attribution"`
	Who         string `json:"who"`
}

type strengthAnswer struct {
	Quote       string `json:"quote"`
	Polarity    string `json:"polarity"`
	Attribution string `json:"attribution"`
	Who         string `json:"who"`
}

type actionAnswer struct {
	Quote  string `json:"quote"`
	Owner  string `json:"owner"`
	Due    string `json:"due"`
	Status string `json:"status"`
}

type voiceAnswer struct {
	Quote string `json:"quote"`
	Child string `json:"child"`
}

type personAnswer struct {
	Quote    string `json:"quote"`
	Name     string `json:"name"`
	Role     string `json:"role"`
	Presence string `json:"presence"`
}

type factAnswer struct {
	Quote string `json:"quote"`
	Field string `json:"field"`
	Value string `json:"value"`
}

// decode reads an answer. Around the one JSON object there may be what models like to write there: a fence, or their thoughts.
func decode(text string) (*answer, error) {
	if _, after, ok := strings.Cut(text, "</think>"); ok {
		text = after
	}
	first, last := strings.Index(text, "{"), strings.LastIndex(text, "}")
	if first < 0 || last < first {
		return nil, &failure{kind: kindForm}
	}
	var a answer
	if err := json.Unmarshal([]byte(text[first:last+1]), &a); err != nil {
		return nil, &failure{kind: kindForm}
	}
	return &a, nil
}
