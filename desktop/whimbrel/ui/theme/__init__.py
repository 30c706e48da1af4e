"""The look: tokens, stylesheet, icons, avatars."""
