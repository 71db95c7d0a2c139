"""Ways to tell partners about what they ship for us: by hand, and over signed HTTP."""
