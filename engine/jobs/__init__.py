"""What happens with nobody at the keyboard: handlers of background jobs."""
