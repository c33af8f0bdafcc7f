"""What the page may send: no field of any body takes a reference to a file."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.ui.test_served_app import shapes
from ui.requests import Checked
from ui.web import bodies

MODELS = [model for model in vars(bodies).values() if isinstance(model, type) and issubclass(model, Checked)]


@pytest.mark.parametrize("model", [model for model in MODELS if model is not Checked])
def test_no_field_of_any_body_takes_a_file_reference(model: type[Checked]) -> None:
    assert model.model_fields
    for shape in shapes("/etc/passwd"):
        for name in (*model.model_fields, "value"):
            with pytest.raises(ValidationError) as refused:
                model.model_validate({name: shape})
            assert name in {error["loc"][0] for error in refused.value.errors()}
