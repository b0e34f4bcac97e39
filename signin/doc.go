// Package signin holds the means by which people prove who they are, and no policy: how passwords are hashed and judged, and the ceremonies
// of passkeys. signin/oidc asks a council's own sign-in. Who is let in is decided by package service.
package signin
