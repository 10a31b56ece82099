// Package acme has the types that Traefik names. This whole module is a place holder for lego, which is not to be had
// from the Go proxy: the rack's Traefik gets its certificates from Secrets and never asks an ACME server.
package acme

// Account is an account at an ACME server.
type Account struct{}

// ExtendedAccount is an account and where it lies.
type ExtendedAccount struct {
	Account
	Location string
}
