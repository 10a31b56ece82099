// Package dns01 would prove a name by DNS.
package dns01

import (
	"strings"
	"time"
)

// Options of a client.
type Options struct {
	RecursiveNameservers []string
}

// Client asks nobody.
type Client struct{}

// ChallengeOption changes nothing.
type ChallengeOption func()

// NewClient makes a client that is never used.
func NewClient(*Options) *Client {
	return &Client{}
}

// SetDefaultClient does nothing.
func SetDefaultClient(*Client) {}

// CondOptions changes nothing.
func CondOptions(bool, ...ChallengeOption) ChallengeOption {
	return nil
}

// DisableAuthoritativeNssPropagationRequirement changes nothing.
func DisableAuthoritativeNssPropagationRequirement() ChallengeOption {
	return nil
}

// DisableRecursiveNSsPropagationRequirement changes nothing.
func DisableRecursiveNSsPropagationRequirement() ChallengeOption {
	return nil
}

// PropagationWait changes nothing.
func PropagationWait(time.Duration, bool) ChallengeOption {
	return nil
}

// UnFqdn takes the trailing dot off a name. Traefik's choice of a certificate by name uses it, so it must be right.
func UnFqdn(name string) string {
	return strings.TrimSuffix(name, ".")
}
