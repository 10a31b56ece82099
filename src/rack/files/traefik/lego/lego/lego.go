// Package lego would be the client of an ACME server.
package lego

import (
	"crypto"
	"crypto/x509"
	"net/http"
	"time"

	"github.com/go-acme/lego/v5/acme"
	"github.com/go-acme/lego/v5/certificate"
	"github.com/go-acme/lego/v5/challenge"
	"github.com/go-acme/lego/v5/challenge/dns01"
	"github.com/go-acme/lego/v5/challenge/http01"
	"github.com/go-acme/lego/v5/challenge/tlsalpn01"
	"github.com/go-acme/lego/v5/internal/absent"
	"github.com/go-acme/lego/v5/registration"
)

// DirectoryURLLetsEncrypt is Traefik's default server.
const DirectoryURLLetsEncrypt = "https://acme-v02.api.letsencrypt.org/directory"

// User is the owner of an account.
type User interface {
	GetEmail() string
	GetRegistration() *acme.ExtendedAccount
	GetPrivateKey() crypto.Signer
}

// CertificateConfig says how long to wait for a certificate.
type CertificateConfig struct {
	Timeout time.Duration
}

// Config of a client.
type Config struct {
	CADirURL    string
	UserAgent   string
	Certificate CertificateConfig
	HTTPClient  *http.Client
}

// NewConfig gives a configuration to fill in.
func NewConfig(User) *Config {
	return &Config{}
}

// Challenges takes no challenge.
type Challenges struct{}

// SetDNS01Provider always fails.
func (*Challenges) SetDNS01Provider(challenge.Provider, ...dns01.ChallengeOption) error {
	return absent.Err
}

// SetHTTP01Provider always fails.
func (*Challenges) SetHTTP01Provider(challenge.Provider, ...http01.ChallengeOption) error {
	return absent.Err
}

// SetTLSALPN01Provider always fails.
func (*Challenges) SetTLSALPN01Provider(challenge.Provider, ...tlsalpn01.ChallengeOption) error {
	return absent.Err
}

// Client of a server.
type Client struct {
	Certificate  *certificate.Certifier
	Challenge    *Challenges
	Registration *registration.Registrar
}

// NewClient always fails.
func NewClient(*Config) (*Client, error) {
	return nil, absent.Err
}

// CreateCertPool always fails.
func CreateCertPool([]string, bool) (*x509.CertPool, error) {
	return nil, absent.Err
}
