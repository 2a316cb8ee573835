from __future__ import annotations

from django import forms

from accounts.models import User


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("name", "language")


class LanguageForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("language",)
