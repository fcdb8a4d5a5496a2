"""What is told: articles, bulletins, subscriptions."""
