// Package absent has the one error of this place holder.
package absent

import "errors"

// Err is what everything that would need an ACME server answers.
var Err = errors.New("this Traefik is built without ACME (Let's Encrypt): lego is not to be had from the Go proxy")
