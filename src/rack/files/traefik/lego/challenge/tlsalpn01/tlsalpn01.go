// Package tlsalpn01 would prove a name by TLS.
package tlsalpn01

import (
	"time"

	"github.com/go-acme/lego/v5/internal/absent"
)

// ACMETLS1Protocol is the ALPN protocol of the challenge (RFC 8737). Traefik compares it in every TLS handshake, so it
// must be right.
const ACMETLS1Protocol = "acme-tls/1"

// ChallengeOption changes nothing.
type ChallengeOption func()

// SetDelay changes nothing.
func SetDelay(time.Duration) ChallengeOption {
	return nil
}

// ChallengeBlocks always fails.
func ChallengeBlocks(domain, keyAuth string) (certificate, key []byte, err error) {
	return nil, nil, absent.Err
}
