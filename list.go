package kerbside

import "encoding/json"

// List is a slice that is written to JSON as [] when it is nil: readers of the contracts may rely on an array.
type List[T any] []T

// MarshalJSON implements [json.Marshaler].
func (l List[T]) MarshalJSON() ([]byte, error) {
	if l == nil {
		return []byte("[]"), nil
	}
	return json.Marshal([]T(l))
}
