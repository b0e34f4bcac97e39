package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"kerbside"
	"kerbside/extract"
)

// conforms checks JSON against one of the schemas in docs.
func conforms(schema string, document []byte) error {
	s, err := jsonschema.NewCompiler().Compile(schema)
	if err != nil {
		return err
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return err
	}
	return s.Validate(v)
}

const (
	recordSchema     = "../../docs/record-v1.schema.json"
	transcriptSchema = "../../docs/transcript-v1.schema.json"
	draftSchema      = "../../docs/draft-v1.schema.json"
)

func TestSchemas(t *testing.T) {
	text, err := os.ReadFile("../../samples/visit.txt")
	if err != nil {
		t.Fatal(err)
	}
	extractor, err := extract.NewRules(extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, said := range map[string]string{"sample": string(text), "nothing much": "Well.", "no access": "Called at quarter past eight, nobody was in."} {
		transcript, err := kerbside.TypedTranscript(said)
		if err != nil {
			t.Fatal(err)
		}
		record, err := extractor.Extract(t.Context(), []*kerbside.Source{kerbside.NewSource(transcript)}, kerbside.ExtractOptions{VisitDate: "2026-03-03", HintFrom: "option"})
		if err != nil {
			t.Fatal(err)
		}
		record.Consent = kerbside.List[kerbside.ConsentLine]{{Event: kerbside.ConsentGiven, Who: "mother", How: "spoken", When: "at", At: time.Unix(0, 0).UTC(), By: "u-1"}}
		for schema, v := range map[string]any{recordSchema: record, transcriptSchema: transcript} {
			var b bytes.Buffer
			if err := writeJSON(&b, v); err != nil {
				t.Fatal(err)
			}
			if err := conforms(schema, b.Bytes()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			// The schema bites: a polarity, a quote or a version that it does not allow is refused.
			for from, to := range map[string]string{`"polarity": "`: `"polarity": "not `, `"quote": "`: `"quotation": "`, `"version": 1`: `"version": 0`, `"event": "`: `"event": "not `} {
				if bad := strings.Replace(b.String(), from, to, 1); bad != b.String() && conforms(schema, []byte(bad)) == nil {
					t.Errorf("%s: %s passes", name, to)
				}
			}
		}
	}
}
