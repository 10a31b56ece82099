// Package ext is a place holder: Traefik's own, a nested module with two empty structs, is published nowhere.
package ext

// HTTP extends the HTTP configuration by nothing.
//
// +k8s:deepcopy-gen=true
type HTTP struct{}

// Router extends a router by nothing.
//
// +k8s:deepcopy-gen=true
type Router struct{}
