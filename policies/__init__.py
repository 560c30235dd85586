"""The policy pack: rules, bounds, waivers, accepted deviations and declined controls."""
