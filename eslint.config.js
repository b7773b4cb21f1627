// For developers: `make lint` runs it where Node is.

import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: [".venv/", "node_modules/"] },
  js.configs.recommended,
  {
    rules: {
      "no-unused-vars": ["error", { args: "none", destructuredArrayIgnorePattern: "^_" }],
      camelcase: "error",
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  { files: ["**/*.test.js"], languageOptions: { globals: globals.node } },
  { files: ["ui/**/static/*.js", "**/browser/*.js"], languageOptions: { globals: globals.browser } },
];
