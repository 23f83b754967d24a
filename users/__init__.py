"""People and their logins. What a person may do in which company is said in `core`."""
