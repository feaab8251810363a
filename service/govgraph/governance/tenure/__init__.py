"""Who holds what over time: careers of people, succession in posts, vacancies."""
