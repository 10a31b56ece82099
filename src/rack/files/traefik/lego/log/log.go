// Package log would be where lego writes.
package log

import "log/slog"

// SetDefault does nothing: nothing is ever written.
func SetDefault(*slog.Logger) {}
