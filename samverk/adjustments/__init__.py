"""What somebody needs to take part: asked for, arranged or not by a day, answered, and erased afterwards."""
