// Package seal keeps what families said unreadable on disk.
//
// It decorates a [kerbside.BlobStore] and a [kerbside.Store], whichever they are. Each recording has a data key for its sound, each visit one
// for its documents, each organisation one for its cases and its search index; a data key is an age identity. The master key, an age
// identity in a file, seals the data keys, which lie in the store. So a blob can be opened with the age tool and the two keys, without Kerbside;
// to change the master key, only data keys are written anew; and to destroy a data key is to destroy what it sealed, in every copy.
//
// Blobs are age files: authenticated in pieces of 64 KiB, so that a player seeks in them without a plain copy. Fields of rows are
// sealed by XChaCha20-Poly1305 under a key derived from the data key, bound to the row and to what stands beside them in it.
//
// Docs: docs/storage.md says what is sealed, what is not, and why.
package seal
