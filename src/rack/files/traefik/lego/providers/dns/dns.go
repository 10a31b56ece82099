// Package dns would hold the providers of DNS challenges.
package dns

import (
	"github.com/go-acme/lego/v5/challenge"
	"github.com/go-acme/lego/v5/internal/absent"
)

// NewDNSChallengeProviderByName always fails.
func NewDNSChallengeProviderByName(string) (challenge.Provider, error) {
	return nil, absent.Err
}
