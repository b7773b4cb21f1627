"""The live part of a page: how pictures are made and reach the browser, and what all pages show around them."""
