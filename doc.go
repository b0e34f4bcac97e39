// Package kerbside holds the domain: what a recording, a transcript, a record, a draft and a review are, the people and
// cases that they belong to, and the ports that the rest of the program implements. It imports the standard library only.
//
// Data flows one way: sound -> [Transcript] -> [Record] -> [Draft] -> [Review]. Every later thing points into the earlier
// one by [Evidence], so that each sentence of a draft can be traced to the words and the sound it came from.
//
// Units: times are int64 milliseconds from the start of the recording, gaps included; offsets count Unicode code points;
// samples are mono float32 at 16 kHz in [-1,1]; dates are ISO 8601.
package kerbside
