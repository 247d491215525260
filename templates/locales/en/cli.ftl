# What the command line says.
cli-plain-http = Other machines must reach this server encrypted: give --tls-cert and --tls-key, or run falin init --tls first, or, behind a proxy, add --behind-proxy.
cli-init-done = The data directory is ready: { $data }
cli-init-authority = Install this certificate on the phones and computers that are to use the site: { $file }
cli-stats-reconciled = Villages, townships and county agree
