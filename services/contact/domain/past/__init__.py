"""What happened before go-live, so that caps, consents and opt-outs hold from the first day on."""
