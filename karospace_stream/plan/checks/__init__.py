"""What a plan refuses or notes early: too many names, cells without coordinates, too little room."""
