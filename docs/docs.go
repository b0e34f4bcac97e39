// Package docs holds the contracts that other programs rely on, for the service to hand out: the description of its API and the schemas of what it writes.
package docs

import "embed"

// Contracts are openapi.yaml and the *.schema.json that it refers to, under the names that they have here.
//
//go:embed openapi.yaml record-v1.schema.json transcript-v1.schema.json draft-v1.schema.json bundle-v1.schema.json profile-v1.schema.json
var Contracts embed.FS
