"""Progress in the course, taken elsewhere: a link to another device, a file to hand in."""
