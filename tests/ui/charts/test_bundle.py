"""Modules as one script."""

import pytest

from ui.charts.bundle import bundle


def written(folder, **modules):
    for name, source in modules.items():
        (folder / f"{name}.js").write_text(source, encoding="utf-8")
    return folder / "main.js"


def test_a_module_comes_after_those_that_it_imports_and_only_once(tmp_path):
    imports = 'import { a, b as other } from "./one.js";\nimport { two } from "./two.js";\n'
    one = 'import { two } from "./two.js";\n/** @returns {number} */\nexport const a = () => two;\nexport class b {}\n'
    two = "export const two = 2; // kept\nconst url = 'http://x';\n"
    main = written(tmp_path, main=f"// The entry.\n{imports}a(other, two);\n", one=one, two=two)
    text = bundle(main)
    assert text.index("const two = 2;") < text.index("const a = () => two;") < text.index("a(other, two);")
    assert text.count("const two = 2;") == 1 and "const { a, b: other } = module1;" in text
    assert "return { a, b };" in text and "@returns" not in text and "entry" not in text and "'http://x'" in text


def test_what_cannot_be_one_script_is_refused(tmp_path):
    with pytest.raises(ValueError, match="imports itself"):
        bundle(written(tmp_path, main='import { a } from "./a.js";\n', a='import { m } from "./main.js";\n'))
    for source in ("export default 1;\n", 'import all from "./a.js";\n', "const a = '</script>';\n"):
        with pytest.raises(ValueError, match="cannot stand"):
            bundle(written(tmp_path, main=source))
