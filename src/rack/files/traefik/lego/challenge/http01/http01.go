// Package http01 would prove a name by HTTP.
package http01

import "time"

// PathPrefix is where challenges are asked for (RFC 8555, 8.3).
const PathPrefix = "/.well-known/acme-challenge/"

// ChallengeOption changes nothing.
type ChallengeOption func()

// SetDelay changes nothing.
func SetDelay(time.Duration) ChallengeOption {
	return nil
}
