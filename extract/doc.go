// Package extract turns transcripts and statements into a record (kerbside.record/v1).
//
// An [Engine] proposes; the evidence gate checks the proposal against the sources and is the only way out. Engines are not
// trusted: what their words do not support is dropped and counted in the record's gate report.
//
// The rules (extract/rules) always run. A language model (extract/llm) may read beside them, see [Assisted]: what it alone found is proposed,
// and changes nothing that the rules found.
package extract
