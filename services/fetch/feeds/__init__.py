"""What a feed, a sitemap or a page of links lists. Pure."""
