"""What the images are made of: bills of materials, licences, known vulnerabilities."""
