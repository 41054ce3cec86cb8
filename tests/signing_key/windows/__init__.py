"""What Windows says of keys, played on any system by recorded structures."""
